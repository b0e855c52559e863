using LightningSharp.Checkpointing;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Resuming;

/// <summary>Files of earlier and later versions of our own entry.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly ExactRun _run = new(
        () => new ResumeModel(model => optim.SGD([.. model.First, .. model.Second], 0.05, momentum: 0.9)), () => ToyData.Batches(24, 4))
    {
        Options = options => options with { AccumulateGradBatches = 2 },
    };

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(3)] // in the middle of a window
    [InlineData(4)]
    [InlineData(6)] // the end of an epoch
    public void A_file_of_the_first_format_goes_on_to_the_same_bits(int batches)
    {
        var (weights, path) = Train(batches);
        Rewrite(path, own =>
        {
            own["format"] = 1L;
            own.Remove("window_origin");
            own.Remove("accumulate_option");
        });

        var (again, _) = _run.Fit(path);

        Assert.Equal(weights, again);
    }

    [Fact]
    public void A_file_of_a_later_format_goes_on_with_a_warning()
    {
        var (weights, path) = Train(3);
        Rewrite(path, own => own["format"] = 99L);
        using var log = new ListLog();

        var (again, _) = _run.Fit(path, out _, change: options => options with { LoggerFactory = log });

        Assert.Equal(weights, again);
        Assert.Contains(log.Lines, line => line.Text.Contains("newer LightningSharp (format 99", StringComparison.Ordinal));
    }

    private (string Weights, string Path) Train(int batches)
    {
        var path = Path.Combine(_run.Folder, "old.ckpt");
        var (weights, _) = _run.Fit(null, new SaveAfter(batches, path));
        return (weights, path);
    }

    private static void Rewrite(string path, Action<Dictionary<string, object?>> change)
    {
        using var file = CheckpointFile.Read(path);
        var own = new Dictionary<string, object?>(StateValue.Map(file["lightningsharp"])!); // ours
        change(own);
        CheckpointFile.Write(path, new Dictionary<string, object?>(file) { ["lightningsharp"] = own });
    }

    private sealed class SaveAfter(int batches, string path) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.Progress.BatchesSeen == batches) context.Trainer.SaveCheckpoint(path);
        }
    }
}
