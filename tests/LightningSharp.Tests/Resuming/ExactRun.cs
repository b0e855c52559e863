using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Resuming;

/// <summary>One recipe for a run, to be trained whole and in parts: the parts must end with the same weights, bit for bit, and the same table, row for row.</summary>
internal sealed class ExactRun(Func<ResumeModel> model, Func<IEnumerable<(Tensor X, Tensor Y)>> train) : IDisposable
{
    private readonly TempFolder _folder = new();

    public Func<TrainerOptions, TrainerOptions> Options { get; init; } = options => options;

    public Func<IEnumerable<Callback>> Callbacks { get; init; } = () => [];

    public string Folder => _folder.Path;

    /// <summary>Trains whole with a checkpoint after every batch, then from each of them again in the same folder.</summary>
    /// <returns>How many resumes were compared.</returns>
    public int CompareEveryBatch()
    {
        var (weights, rows) = Fit(null, extra: new SaveEveryBatch());
        var files = Directory.GetFiles(_folder.Path, "batch-*.ckpt", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        foreach (var file in files)
        {
            var (again, rowsAgain) = Fit(file);
            Assert.True(weights == again, $"other weights after a resume from {Path.GetFileName(file)}");
            Assert.Equal(rows, rowsAgain);
        }

        Assert.NotEmpty(files);
        return files.Count;
    }

    public (string Weights, string[] Rows) Fit(Resume? resume, Callback? extra = null, CancellationToken cancellation = default)
        => Fit(resume, out _, extra, cancellation: cancellation);

    public (string Weights, string[] Rows) Fit(Resume? resume, out FitResult result, Callback? extra = null, Func<TrainerOptions, TrainerOptions>? change = null, CancellationToken cancellation = default)
    {
        manual_seed(resume is null ? 5 : 99); // a new process starts with another seed
        var module = model();
        var options = Options(Quiet.Options with
        {
            EnableCheckpointing = true, DefaultRootDir = _folder.Path, MaxEpochs = 2, LogEveryNSteps = 1, Loggers = [new CsvLogger(), new JsonLinesLogger()],
            Callbacks = [.. Callbacks(), .. extra is null ? (Callback[])[] : [extra]],
        });
        result = new Trainer(change?.Invoke(options) ?? options).Fit(module, train(), ToyData.Batches(8, 4, 100), resume, cancellation);
        var table = Path.Combine(result.RunDirectory!, CsvLogger.FileName); // loggers make a folder
        return (module.Bits(), File.Exists(table) ? File.ReadAllLines(table) : []);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class SaveEveryBatch : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
            => context.Trainer.SaveCheckpoint(Path.Combine(context.Trainer.RunDirectory!, $"batch-{context.Trainer.Progress.BatchesSeen:D3}.ckpt")); // there is a logger
    }
}
