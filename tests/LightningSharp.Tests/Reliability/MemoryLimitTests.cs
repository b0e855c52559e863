using LightningSharp.Callbacks;
using LightningSharp.Diagnostics;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>Memory that runs out during a training: a warning, then an end with everything saved, before the kernel kills.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    private readonly TempFolder _system = new();

    public MemoryLimitTests()
    {
        Directory.CreateDirectory(Path.Combine(_system.Path, "proc/self"));
        File.WriteAllText(Path.Combine(_system.Path, "proc/self/statm"), "1000 500 1 1 0 1 0\n");
        Available(50);
        MemoryWatch.Root = _system.Path;
    }

    public void Dispose()
    {
        MemoryWatch.Root = "/";
        _system.Dispose();
    }

    [Fact]
    public void A_run_that_uses_up_memory_is_warned_then_ends_with_everything_saved_and_can_be_continued()
    {
        using var folder = new TempFolder();
        var messages = new RecordedMessages();
        var options = Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = folder.Path, LoggerFactory = messages, MaxEpochs = 1000, Callbacks = [new ModelCheckpoint()] };

        var result = new Trainer(options).Fit(new Uses(step => Available(step < 20 ? 10 : 3)), ToyData.Batches(40, 4));

        Assert.Equal((StopReason.MemoryLimit, ExitCodes.StoppedEarly), (result.StopReason, result.ExitCode));
        Assert.Single(messages.Texts, text => text.Contains("Memory runs out", StringComparison.Ordinal) && text.Contains("smaller batch size", StringComparison.Ordinal));
        Available(50);
        var last = new Trainer(options with { MaxEpochs = result.Progress.Epoch + 1, Callbacks = [new ModelCheckpoint()] });
        var resumed = last.Fit(new TinyModel(), ToyData.Batches(40, 4), resume: Resume.Auto);
        Assert.Equal(result.BestCheckpoint, last.ResumedFrom);
        Assert.Equal(10L * (result.Progress.Epoch + 1), resumed.Progress.GlobalStep);
    }

    [Fact]
    public void Without_the_option_memory_is_not_looked_at()
    {
        Available(1);
        var messages = new RecordedMessages();

        var result = new Trainer(Quiet.Options with { MemoryWatch = false, LoggerFactory = messages, MaxEpochs = 4 }).Fit(new Uses(_ => { }), ToyData.Batches(40, 4));

        Assert.Equal(StopReason.MaxEpochs, result.StopReason);
        Assert.DoesNotContain(messages.Texts, text => text.Contains("Memory", StringComparison.Ordinal));
    }

    private void Available(int percent)
    {
        using var file = new FileStream(Path.Combine(_system.Path, "proc/meminfo"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite); // in place: the watch keeps it open
        file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"MemTotal:       1000000 kB\nMemAvailable:   {percent * 10_000,7} kB\n")));
    }

    private sealed class Uses(Action<long> atStep) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (Trainer.GlobalStep > 5) atStep(Trainer.GlobalStep);
            Thread.Sleep(40);
            return Loss(batch);
        }
    }
}
