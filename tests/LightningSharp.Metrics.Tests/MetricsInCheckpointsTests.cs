using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Logging;
using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Regression;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Metrics.Tests;

/// <summary>Metric objects of a module when a run is saved, continued and moved.</summary>
public sealed class MetricsInCheckpointsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lightningsharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_that_continues_in_mid_epoch_gives_the_epochs_values_of_the_whole_epoch()
    {
        var path = Path.Combine(_folder, "middle.ckpt");
        var whole = Epoch(new Scorer(), null);
        Epoch(new Scorer { SaveAfter = 1, SaveTo = path }, null);

        var continued = Epoch(new Scorer(), Resume.From(path));

        Assert.Equal(whole["accuracy"], continued["accuracy"], 1e-6);
        Assert.Equal(whole["auroc"], continued["auroc"], 1e-6); // a list of all scores
        Assert.Equal(whole["f1"], continued["f1"], 1e-6); // in a collection
    }

    [Fact]
    public void States_are_among_the_weights_only_by_choice_and_come_back_with_them()
    {
        var path = Path.Combine(_folder, "weights.ckpt");
        var plain = new Scorer();
        var persistent = new Scorer();
        persistent.Accuracy.Persistent = true;
        foreach (var model in (Scorer[])[plain, persistent]) model.Accuracy.Update(tensor(new[] { 0.9f, 0.8f }), tensor(new long[] { 1, 0 }));
        CheckpointFile.Write(path, persistent.state_dict());
        using var other = new Scorer();
        other.Accuracy.Persistent = true;

        using var read = CheckpointFile.Read(path);
        StateDictLoader.Load(other, read.StateDict());

        Assert.DoesNotContain(plain.state_dict().Keys, key => key.Contains("ccuracy", StringComparison.Ordinal));
        Assert.Contains(persistent.state_dict().Keys, key => key.Contains("ccuracy", StringComparison.Ordinal));
        Assert.Equal(0.5, other.Accuracy.Compute().ToDouble());
    }

    [Fact]
    public void A_persistent_list_comes_back_whatever_its_length()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "list.ckpt");
        var seen = new Scorer();
        seen.Auroc.Persistent = true;
        foreach (var (x, y) in Batches()) seen.Auroc.Update(x, y);
        CheckpointFile.Write(path, seen.state_dict());
        var empty = new Scorer();
        var other = new Scorer();
        foreach (var model in (Scorer[])[empty, other]) model.Auroc.Persistent = true;
        other.Auroc.Update(Batches()[0].X, Batches()[0].Y);
        using var alone = new BinaryAUROC { Persistent = true };

        using var read = CheckpointFile.Read(path);
        StateDictLoader.Load(empty, read.StateDict());
        StateDictLoader.Load(other, read.StateDict());
        alone.load_state_dict(seen.Auroc.state_dict());

        Same.Values(seen.Auroc.Compute(), empty.Auroc.Compute(), 0);
        Same.Values(seen.Auroc.Compute(), other.Auroc.Compute(), 0);
        Same.Values(seen.Auroc.Compute(), alone.Compute(), 0);
    }

    [Fact]
    public void Averages_of_weights_and_the_best_weights_leave_persistent_states_alone()
    {
        var model = new Scorer { Correlation = { Persistent = true } };
        foreach (var metric in (Metric[])[model.Accuracy, model.Auroc, .. model.Collection.Values]) metric.Persistent = true;
        model.Auroc.Update(tensor(new[] { 0.1f, 0.9f }), tensor(new long[] { 0, 1 })); // something seen before the run

        var values = Epoch(model, null, new WeightAveraging(), new RestoreBest("accuracy"));

        Assert.Equal(Epoch(new Scorer(), null)["accuracy"], values["accuracy"], 1e-6);
    }

    [Fact]
    public void States_move_with_the_module_also_those_inside_collections()
    {
        using var scope = NewDisposeScope();
        var model = new Scorer();

        model.to(META);

        Assert.All(
            (Metric[])[model.Accuracy, .. model.Collection.Values],
            metric => Assert.All(metric.States, state => Assert.Equal(DeviceType.META, state.Value.device_type)));
    }

    private Dictionary<string, double> Epoch(Scorer model, Resume? resume, params Callback[] callbacks)
    {
        var memory = new InMemoryLogger();
        new Trainer(new()
        {
            Accelerator = Accelerator.Cpu, EnableProgressBar = false, EnableModelSummary = false, EnableCheckpointing = false, EnableReport = false, Loggers = [memory],
            DefaultRootDir = _folder, MaxEpochs = 1, NumSanityValSteps = 0, Callbacks = callbacks,
        }).Fit(model, Batches(), resume: resume);
        return ((string[])["accuracy", "auroc", "f1"]).ToDictionary(name => name, name => memory.Series(name)[^1].Value);
    }

    private static List<(Tensor X, Tensor Y)> Batches()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 4).Select(_ => (
            tensor(Enumerable.Range(0, 6).Select(_ => (float)random.NextDouble()).ToArray()), tensor(Enumerable.Range(0, 6).Select(_ => (long)random.Next(2)).ToArray())))];
    }

    private sealed class Scorer : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> layer = Linear(6, 1);

        public BinaryAccuracy Accuracy { get; } = new();

        public BinaryAUROC Auroc { get; } = new();

        public ExplainedVariance Correlation { get; } = new();

        public MetricCollection Collection { get; } = new() { { "f1", new BinaryF1Score() }, { "precision", new BinaryPrecision() } };

        public int? SaveAfter { get; init; }

        public string? SaveTo { get; init; }

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Accuracy.Update(batch.X, batch.Y);
            Auroc.Update(batch.X, batch.Y);
            Collection.Update(batch.X, batch.Y);
            Correlation.Update(batch.X, batch.Y);
            Log("accuracy", Accuracy, onStep: false, onEpoch: true);
            Log("auroc", Auroc, onStep: false, onEpoch: true);
            LogDict(Collection, onStep: false, onEpoch: true);
            return call(batch.X).mean();
        }

        public override void OnTrainBatchEnd(Tensor? loss, (Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (batchIndex == SaveAfter) Trainer.SaveCheckpoint(SaveTo!);
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
    }
}
