using System.Text.Json.Nodes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary><c>resume.load_from_checkpoint</c>: modules that are built from the arguments in a checkpoint.</summary>
internal static class LoadedCases
{
    public static List<string> Run(JsonObject testCase)
    {
        using var folder = new TemporaryFolder();
        var extra = testCase["expected"]!["extra"]!;
        var (file, plainFile) = (Train(new HP(0.1), folder.Path, "hp"), Train(new Plainer(), folder.Path, "plain"));
        var problems = new List<string>();
        using (var checkpoint = Checkpointing.CheckpointFile.Read(file))
        {
            if ((string?)checkpoint["hparams_name"] != (string)extra["hparams_name"]!) problems.Add($"hparams_name: {checkpoint["hparams_name"]}");
            if (!Compare.Same(extra["keys"], FileCheck.Keys(file))) problems.Add($"keys: expected {extra["keys"]!.ToJsonString()}, got {FileCheck.Keys(file).ToJsonString()}");
        }

        foreach (var row in extra["rows"]!.AsArray().OfType<JsonObject>())
        {
            var error = Record.Exception(() => problems.AddRange(Check(row, file, plainFile)));
            if (((string)row["outcome"]! == "ok") != (error is null) || (error is not null && !Fits(row, error)))
                problems.Add($"{row["case"]}: expected {row["outcome"]} {row["message"]}, got {error?.Message ?? "ok"}");
        }

        return problems;
    }

    // Ours says what Python says: which keys, which shapes, which argument.
    private static bool Fits(JsonObject row, Exception error)
    {
        string[] texts = (string)row["case"]! switch
        {
            "extra layer strict" => ["extra.weight", "extra.bias"],
            "hidden=3: shape mismatch" => ["layer.weight", "[2, 4]", "[3, 4]"],
            _ => ["lr"],
        };
        return error is CheckpointException && texts.All(text => error.Message.Contains(text, StringComparison.Ordinal));
    }

    private static List<string> Check(JsonObject row, string file, string plainFile)
    {
        switch ((string)row["case"]!)
        {
            case "class without save_hyperparameters (ignores others)": return Compared<Plainer>(row, LightningModule.Load<Plainer>(file), model => model.Layer, null);
            case "extra layer strict": return Compared<More>(row, LightningModule.Load<More>(file), model => model.Layer, null);
            case "extra layer strict=False": return Compared<More>(row, LightningModule.Load<More>(file, strict: false), model => model.Layer, null);
            case "no hyperparameters in file": return Compared<HP>(row, LightningModule.Load<HP>(plainFile), model => model.Layer, model => model.Lr);
            default:
                var overrides = row["kwargs"]!.AsObject().ToDictionary(entry => entry.Key, entry => (object?)(entry.Key == "hidden" ? (int)entry.Value! : (double)entry.Value!));
                return Compared<HP>(row, LightningModule.Load<HP>(file, overrides), model => model.Layer, model => model.Lr);
        }
    }

    private static List<string> Compared<TModel>(JsonObject row, TModel model, Func<TModel, Linear> layer, Func<TModel, double>? rate)
        where TModel : LightningModule<(Tensor X, Tensor Y)>
    {
        using var owned = model;
        var problems = new List<string>();
        if (!Compare.Same(row["weight"], Plain.Values(layer(model).weight))) problems.Add($"{row["case"]}: weight {Plain.Values(layer(model).weight)!.ToJsonString()}");
        if (rate is not null && !Compare.Same(row["lr"], rate(model))) problems.Add($"{row["case"]}: lr {rate(model)}");
        if (rate is not null && !Compare.Same(row["hparams"]!["hidden"], Convert.ToInt32(model.HyperParameters["hidden"], System.Globalization.CultureInfo.InvariantCulture))) problems.Add($"{row["case"]}: hidden {model.HyperParameters["hidden"]}");
        if (model.training != (bool)row["training"]!) problems.Add($"{row["case"]}: training {model.training}");
        return problems;
    }

    private static string Train(LightningModule<(Tensor X, Tensor Y)> model, string folder, string name)
    {
        var trainer = new Trainer(new() { MaxEpochs = 1, Accelerator = Accelerator.Cpu, Console = ConsoleMode.Quiet, EnableProgressBar = false, EnableModelSummary = false, EnableCheckpointing = false, Loggers = [], DefaultRootDir = folder });
        trainer.Fit(model, ToyData.One(new JsonObject { ["n"] = 4, ["batch"] = 2 }, 0));
        var file = Path.Combine(folder, name + ".ckpt");
        trainer.SaveCheckpoint(file);
        return file;
    }

    private abstract class Start(int outputs) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Linear layer = ToyWeights.Linear(4, outputs);

        public Linear Layer => layer;

        public virtual double Lr => 0.1;

        public override IReadOnlyDictionary<string, object?> HyperParameters => new Dictionary<string, object?>();

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => nn.functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), Lr);
    }

    private sealed class HP(double lr, int hidden = 2) : Start(hidden)
    {
        public override double Lr { get; } = lr;

        public override IReadOnlyDictionary<string, object?> HyperParameters { get; } = new Dictionary<string, object?> { ["lr"] = lr, ["hidden"] = hidden };
    }

    private sealed class Plainer() : Start(2);

    private sealed class More() : Start(2)
    {
        private readonly Linear extra = nn.Linear(2, 2);
    }
}
