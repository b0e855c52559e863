using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Resuming;

/// <summary>A run that a kill ends just before, at or after its early stop ends where it would have ended.</summary>
public class EarlyStoppingResumeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)] // one more bad epoch, and it stops
    [InlineData(3)] // it was asked to end: the last file that there is
    public void A_resume_from_any_epoch_stops_where_the_run_without_a_break_stopped(int epoch)
    {
        using var folder = new TempFolder();
        var (whole, stopping) = Fit(folder, null);
        Assert.Equal((3, 3), (stopping.StoppedEpoch, stopping.WaitCount));

        var (again, stoppingAgain) = Fit(folder, Directory.GetFiles(folder.Path, $"epoch={epoch}-*.ckpt").Single());

        Assert.Equal((stopping.StoppedEpoch, stopping.WaitCount, stopping.BestScore), (stoppingAgain.StoppedEpoch, stoppingAgain.WaitCount, stoppingAgain.BestScore));
        Assert.Equal((whole.StopReason, whole.Progress.Epoch, whole.Progress.GlobalStep), (again.StopReason, again.Progress.Epoch, again.Progress.GlobalStep));
    }

    [Fact]
    public void A_run_that_was_stopped_trains_on_when_the_patience_is_raised()
    {
        using var folder = new TempFolder();
        Fit(folder, null);

        var (again, stopping) = Fit(folder, Directory.GetFiles(folder.Path, "epoch=3-*.ckpt").Single(), patience: 5);

        Assert.Equal((10, 0.5), (again.Progress.Epoch, stopping.BestScore)); // 0.5 came in the fifth epoch; five more without a better one end it with the tenth
    }

    private static (FitResult Result, EarlyStopping Stopping) Fit(TempFolder folder, string? resume, int patience = 3)
    {
        var stopping = new EarlyStopping("metric") { Patience = patience };
        using var log = new ListLog();
        var trainer = new Trainer(Quiet.Options with
        {
            EnableCheckpointing = true, MaxEpochs = 10, NumSanityValSteps = 0, LoggerFactory = log,
            Callbacks = [stopping, ModelCheckpoint.Periodic(Every.Epochs(1), folder.Path)],
        });
        var result = trainer.Fit(new ScriptedModel(1, 2, 3, 4, 0.5), ToyData.Batches(8, 4), ToyData.Batches(4, 4), resume is null ? null : Resume.From(resume));
        return (result, stopping);
    }
}
