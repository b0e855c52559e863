namespace LightningSharp.Documentation.Tests;

/// <summary>What the code of a page takes for granted, because the text around it says so.</summary>
/// <param name="Parameters">Names that statements use, as parameters of the method that they are put into, with semicolons between them; one that a block declares itself is left out.</param>
/// <param name="Members">Fields and methods of the module that members belong to.</param>
internal sealed record Given(string Parameters, string Members = "")
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using LightningSharp;
        using LightningSharp.Callbacks;
        using LightningSharp.Checkpointing;
        using LightningSharp.Data;
        using LightningSharp.Data.Transforms;
        using LightningSharp.Hosting;
        using LightningSharp.Logging;
        using LightningSharp.Metrics;
        using LightningSharp.Metrics.Classification;
        using LightningSharp.Optimization;
        using LightningSharp.Plotting;
        using LightningSharp.Profiling;
        using LightningSharp.Terminal;
        using LightningSharp.Tuning;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        using Microsoft.Extensions.Logging;
        using OpenTelemetry;
        using OpenTelemetry.Metrics;
        using OpenTelemetry.Trace;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        using static TorchSharp.torch.nn.utils.rnn;
        using Sampler = LightningSharp.Data.Sampler; // TorchSharp.Modules, for AdamW.ParamGroup, has one as well
        """;

    private const string Run = "Trainer trainer; Cnn model; MnistDataModule data";

    private static readonly Dictionary<string, Given> Known = new()
    {
        ["README.md"] = new("string[] args"),
        ["callbacks.md"] = new("IReadOnlyList<Callback> Callbacks"),
        ["checkpoint-format.md"] = new(Run),
        ["checkpoints.md"] = new("Cnn model; MnistDataModule data"),
        ["console.md"] = new(string.Empty),
        ["dashboard.md"] = new("InMemoryLogger memory; Tensor counts; string[] classNames; IReadOnlyList<Mistake> mistakes"),
        ["data.md"] = new(
            Run + "; IDataset<(float[] X, long Y)> dataset; List<Item> items; IDataset<Text> texts; int n; double[] weights; int draws; int[] indices; int rank; int worldSize; DataLoader<Tensor> labelled; DataLoader<Tensor> unlabelled; Tensor x; Tensor y; long seed; int epoch; int batchIndex"),
        ["hosting.md"] = new("string[] args; HostApplicationBuilder builder"),
        ["loggers.md"] = new("Trainer trainer; Tensor weight; long step"),
        ["messages.md"] = new(string.Empty),
        ["metrics.md"] = new(
            "Module<Tensor, Tensor> model; IEnumerable<(Tensor X, Tensor Y)> train; IEnumerable<(Tensor X, Tensor Y)> validation; torch.optim.Optimizer optimizer",
            "MulticlassConfusionMatrix _confusion = new(10); MulticlassROC _roc = new(10); string[] classNames = [];"),
        ["optimizers.md"] = new("Linear stem; Linear block1; Linear block2; Linear head"),
        ["profiling.md"] = new(Run + "; Profiler profiler"),
        ["schedulers.md"] = new("torch.optim.Optimizer optimizer"),
        ["the-loop.md"] = new("Trainer trainer; Cnn model; MnistDataModule data", "LSTM lstm = LSTM(4, 8); Module<Tensor, Tensor> head = Linear(8, 1);"),
        ["tuning.md"] = new(Run + "; Tuner tuner; Module<Tensor, Tensor> net; Tensor x; Tensor y; IReadOnlyList<Callback> Callbacks"),
    };

    public static IEnumerable<string> Pages => Known.Keys;

    public string ParametersWithout(IReadOnlySet<string> declared)
        => string.Join(", ", Parameters.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(parameter => !declared.Contains(parameter.Split(' ')[^1])));

    /// <summary>What a member of a module may override.</summary>
    public string Base => "LightningModule<(Tensor X, Tensor Y)>";

    /// <summary>Types of the reader's; one that a block declares itself is left out.</summary>
    public IReadOnlyList<string> Types =>
    [
        "class Cnn : LightningModule<(Tensor X, Tensor Y)> { public override Tensor forward(Tensor x) => x; }",
        "sealed class Net(double rate) : LightningModule<(Tensor X, Tensor Y)> { public override Tensor forward(Tensor x) => x * rate; }",
        "sealed record Item(float[,] Pixels, long Label, string Name);",
        "sealed record Text(long[] Tokens);",
        "interface IDatasetCatalog { MnistDataModule Open(string name); }",
    ];

    public static Given For(string page) => Known.TryGetValue(page, out var given) ? given : new(string.Empty);
}
