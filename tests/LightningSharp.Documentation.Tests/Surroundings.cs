namespace LightningSharp.Documentation.Tests;

/// <summary>What a reader of an example already has: usings, and variables that the text around it speaks of.</summary>
internal static class Surroundings
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net.Http;
        using System.Threading;
        using System.Threading.Tasks;
        using LightningSharp;
        using LightningSharp.Callbacks;
        using LightningSharp.Checkpointing;
        using LightningSharp.Data;
        using LightningSharp.Data.Transforms;
        using LightningSharp.Dashboard;
        using LightningSharp.Hosting;
        using LightningSharp.Logging;
        using LightningSharp.Metrics;
        using LightningSharp.Metrics.Classification;
        using LightningSharp.Metrics.Functional;
        using LightningSharp.Optimization;
        using LightningSharp.Plotting;
        using LightningSharp.Profiling;
        using LightningSharp.Tabular;
        using LightningSharp.Terminal;
        using LightningSharp.Tuning;
        using LightningSharp.Vision;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        using Microsoft.Extensions.Logging;
        using TorchSharp;
        using static Known;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        using static TorchSharp.torch.nn.utils.rnn;
        using F = TorchSharp.torch.nn.functional;
        using AdamW = TorchSharp.Modules.AdamW;
        using Precision = LightningSharp.Precision;
        using LSTM = TorchSharp.Modules.LSTM;
        using Parameter = TorchSharp.Modules.Parameter;
        using Tensor = TorchSharp.torch.Tensor;
        using Timer = LightningSharp.Callbacks.Timer;

        """;

    public const string Variables = """

        #pragma warning disable
        internal abstract class Known : LightningModule<(Tensor X, Tensor Y)>
        {
            public static readonly string[] args = [], classNames = [], names = [];
            public static readonly Trainer trainer = null!;
            public static readonly Cnn model = null!, cnn = null!;
            public static readonly Pairs data = null!;
            public static readonly Tuner tuner = null!;
            public static readonly Profiler profiler = null!;
            public static readonly FitResult result = null!;
            public static readonly LightningSharp.Metrics.Metric metric = null!;
            public static readonly InMemoryLogger memory = null!, logger = null!;
            public static readonly HostApplicationBuilder builder = null!;
            public static readonly HostedTrainingOptions options = null!;
            public static readonly torch.optim.Optimizer optimizer = null!, adam = null!, gen = null!, disc = null!;
            public static readonly Module<Tensor, Tensor> net = null!, head = null!, stem = null!, block1 = null!, block2 = null!;
            public static readonly LSTM lstm = null!;
            public static readonly AdamW.ParamGroup group = null!;
            public static readonly TorchSharp.Modules.DataLoader torchLoader = null!;
            public static readonly IDataset<(Tensor X, Tensor Y)> dataset = null!;
            public static readonly IDataset<(long[] Tokens, long Label)> texts = null!;
            public static readonly List<(Tensor X, Tensor Y)> train = [], validation = [], labelled = [], unlabelled = [], clean = [], noisy = [];
            public static readonly List<float[]> pictures = [];
            public static readonly List<Mistake> mistakes = [];
            public static readonly double[] weights = [];
            public static readonly int[] indices = [];
            public static readonly int n = 1, draws = 1, rank = 0, worldSize = 1, epoch = 0, batchIndex = 0;
            public static readonly long seed = 0, step = 0;
            public static Tensor x = null!, y = null!, vx = null!, vy = null!, counts = null!, weight = null!, logits = null!, preds = null!, target = null!;
            public static IReadOnlyList<Callback> Callbacks { get; set; } = [];
            public static Module<Tensor, Tensor> Pretrained() => null!;
        }

        public sealed class Cnn(double rate = 0.1) : LightningModule<(Tensor X, Tensor Y)>;

        public sealed class Pairs : DataModule<(Tensor X, Tensor Y)>;

        """;

    /// <summary>What single examples need beside that, by the text that they hold.</summary>
    public static readonly IReadOnlyDictionary<string, (string Usings, string Code)> Extra = new Dictionary<string, (string, string)>
    {
        ["record Item(float[,] Pixels"] = ("using static Own;\n", "internal static class Own { public static List<Item> items = []; }"),
        ["IDatasetCatalog catalog"] = ("", "interface IDatasetCatalog { Pairs Open(string name); }"),
        ["_confusion.Reset()"] = ("using static Own;\n", "internal static class Own { public static MulticlassConfusionMatrix _confusion = null!; public static MulticlassROC _roc = null!; }"),
        ["i => labels[i]"] = ("using static Own;\n", "internal static class Own { public static List<long> labels = []; }"),
        ["Update(logits, labels)"] = ("using static Own;\n", "internal static class Own { public static Tensor labels = null!; }"),
        ["_metrics.Update"] = ("using static Own;\n", "internal static class Own { public static MetricCollection _metrics = null!; public static (Tensor X, Tensor Y) batch; }"),
        ["_matrix.Compute"] = ("using static Own;\n", "internal static class Own { public static MulticlassConfusionMatrix _matrix = null!; }"),
        ["Load<Digits>"] = ("", "internal sealed class Digits : DataModule<(Tensor X, Tensor Y)>;"),
        ["(MyNet)module"] = ("", "internal abstract class MyNet : LightningModule<(Tensor X, Tensor Y)> { public Module<Tensor, Tensor> Features => null!; }"),
        ["_train = Load()"] = ("using static Own;\n", "internal static class Own { public static TensorDataset _train = null!; public static TensorDataset Load() => null!; }"),
        ["LoaderGroup<Batch>"] = ("using Batch = (TorchSharp.torch.Tensor X, TorchSharp.torch.Tensor Y);\n", ""),
        ["var rate in rates"] = ("using static Own;\n", "internal static class Own { public static double[] rates = []; public static Dictionary<double, double> results = []; }"),
        ["Sdk.Create"] = ("using OpenTelemetry;\nusing OpenTelemetry.Metrics;\nusing OpenTelemetry.Trace;\n", ""),
    };
}
