using LightningSharp.Checkpointing;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests;

public partial class LightningModuleLoadTests
{
    [Fact]
    public void A_partial_module_keeps_all_of_its_arguments_also_those_that_no_member_uses()
    {
        using var model = new Wide(6, depth: 2, name: "a", sizes: [3, 5], secret: "key");

        Assert.Equal(["width", "depth", "name", "sizes", "mode"], model.HyperParameters.Keys);
        Assert.Equal(6L, model.HyperParameters["width"]);
        Assert.Equal([3L, 5L], Assert.IsAssignableFrom<IReadOnlyList<object?>>(model.HyperParameters["sizes"]));
        Assert.Equal("Tanh", model.HyperParameters["mode"]);
    }

    [Fact]
    public void A_module_is_built_from_its_checkpoint_with_its_arguments_and_weights()
    {
        using var folder = new TempFolder();
        using var model = new Wide(6, depth: 2, name: "b", sizes: [1, 2], mode: Activation.Relu);
        var path = Save(folder, model);

        using var loaded = LightningModule.Load<Wide>(path);
        using var changed = LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["name"] = "c" });

        Assert.Equal(model.HyperParameters, loaded.HyperParameters);
        Assert.True(loaded.state_dict()["layer.weight"].equal(model.state_dict()["layer.weight"]).all().item<bool>());
        Assert.Equal("c", changed.HyperParameters["name"]);
    }

    [Fact]
    public void An_argument_that_is_not_in_the_file_is_named()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "other.ckpt");
        using var model = new Wide(6);
        CheckpointFile.Write(path, new Dictionary<string, object?> { ["state_dict"] = model.state_dict(), ["hyper_parameters"] = new Dictionary<string, object?> { ["depth"] = 2L } });

        var error = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path));
        var unknown = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = 6, ["colour"] = 1 }));
        using var given = LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = 6 });

        Assert.Contains("'width'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'colour'", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(2L, given.HyperParameters["depth"]);
    }

    [Fact]
    public void Weights_of_another_shape_load_not_at_all()
    {
        using var folder = new TempFolder();
        using var model = new Wide(6);
        var path = Save(folder, model);

        var error = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = 7 }));

        Assert.Contains("layer.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_and_tuples_are_kept_as_data_and_built_again()
    {
        using var folder = new TempFolder();
        var settings = new Settings(0.5, [3, 4]) { Name = "wide", Inner = new(7), Schedule = (0.1, 20) };
        using var model = new Configured(settings, range: (1, 9));
        var path = Save(folder, model);

        using var loaded = LightningModule.Load<Configured>(path);

        Assert.Equal(0.5, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(model.HyperParameters["settings"])["Rate"]);
        Assert.Equal((settings.Rate, settings.Name, settings.Inner, settings.Schedule), (loaded.Settings.Rate, loaded.Settings.Name, loaded.Settings.Inner, loaded.Settings.Schedule));
        Assert.Equal(settings.Sizes, loaded.Settings.Sizes);
        Assert.Equal((1, 9), loaded.Range);
    }

    [Fact]
    public void Python_s_dictionary_that_was_stored_under_the_parameter_s_name_becomes_the_record()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "python.ckpt");
        using var model = new Configured(new(1, []), (0, 1));
        CheckpointFile.Write(path, new Dictionary<string, object?>
        {
            ["state_dict"] = model.state_dict(), ["hparams_name"] = "settings", ["hyper_parameters"] = new Dictionary<string, object?> { ["rate"] = 2L, ["sizes"] = new[] { 1 }, ["other"] = "x" },
        });

        using var loaded = LightningModule.Load<Configured>(path, new Dictionary<string, object?> { ["range"] = (2, 3) });

        Assert.Equal((2.0, "none", (2, 3)), (loaded.Settings.Rate, loaded.Settings.Name, loaded.Range));
    }

    [Fact]
    public void An_argument_of_another_kind_is_named_and_an_error_of_the_constructor_comes_out_as_it_is()
    {
        using var folder = new TempFolder();
        using var model = new Wide(6);
        var path = Save(folder, model);

        var kind = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = "many" }));
        var near = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["widht"] = 3 }));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = -3 }));

        Assert.Contains("'width' of Wide is a Int32, but the overrides holds", kind.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'width'?", near.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_module_is_built_from_the_checkpoint_with_its_arguments_and_its_state()
    {
        using var folder = new TempFolder();
        using var model = new TinyModel();
        var data = new Numbers(12, batchSize: 4) { Seen = 5 };
        var path = Path.Combine(folder.Path, "data.ckpt");
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(model, data);
        trainer.SaveCheckpoint(path);

        var loaded = DataModule.Load<Numbers>(path);
        var changed = DataModule.Load<Numbers>(path, new Dictionary<string, object?> { ["batchSize"] = 6 });

        Assert.Equal(data.HyperParameters, loaded.HyperParameters);
        Assert.Equal((12, 4, 5L), (loaded.Rows, loaded.BatchSize, loaded.Seen));
        Assert.Equal((12, 6), (changed.Rows, changed.BatchSize));
        Assert.Contains("'rows'", Assert.Throws<CheckpointException>(() => DataModule.Load<Numbers>(SaveWithout(folder))).Message, StringComparison.Ordinal);
    }

    private static string SaveWithout(TempFolder folder)
    {
        var path = Path.Combine(folder.Path, "without.ckpt");
        using var model = new TinyModel();
        CheckpointFile.Write(path, new Dictionary<string, object?> { ["state_dict"] = model.state_dict() });
        return path;
    }

    private static string Save(TempFolder folder, LightningModule<(Tensor X, Tensor Y)> model)
    {
        var path = Path.Combine(folder.Path, "model.ckpt");
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(model, ToyData.Batches(8, 4));
        trainer.SaveCheckpoint(path);
        return path;
    }

    private enum Activation
    {
        Tanh,
        Relu,
    }

    private sealed partial class Wide(
        int width, int depth = 1, string? name = null, int[]? sizes = null, Activation mode = Activation.Tanh, [HyperParameterIgnore] string? secret = null, Tensor? start = null)
        : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> layer = Linear(4, width);
        private readonly Module<Tensor, Tensor> last = Linear(width, 2);

        public bool HasSecret => secret is not null || start is not null;

        public override Tensor forward(Tensor x) => last.call(layer.call(x));

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }

    private sealed record Inner(int Depth);

    private sealed record Settings(double Rate, int[] Sizes)
    {
        public string Name { get; init; } = "none";

        public Inner? Inner { get; init; }

        public (double Warmup, int Steps) Schedule { get; init; }

        public Func<int>? NoData { get; init; }
    }

    private sealed partial class Configured(Settings settings, (int From, int To) range) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> layer = Linear(4, 2);

        public Settings Settings => settings;

        public (int From, int To) Range => range;

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }

    private sealed partial class Numbers(int rows, int batchSize = 2) : DataModule<(Tensor X, Tensor Y)>, IStateful
    {
        public int Rows => rows;

        public int BatchSize => batchSize;

        public long Seen { get; set; }

        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader() => ToyData.Batches(rows, batchSize);

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["seen"] = Seen };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => Seen = (long)state["seen"]!; // its own key
    }
}
