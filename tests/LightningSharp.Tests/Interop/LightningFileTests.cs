using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Interop;

/// <summary>Files that Python's Lightning wrote (tests/interop/lightning_files.py), of the versions whose layouts differ, continued here.</summary>
public class LightningFileTests
{
    // Of 4 epochs of 3 batches without a break, in Python; the same for every version.
    private static readonly double[] Losses =
    [
        0.1101294532418251, 0.16262468695640564, 0.15136942267417908, 0.0662589743733406, 0.09408876299858093, 0.09053240716457367,
        0.09450951218605042, 0.09600809216499329, 0.08824469149112701, 0.10173361003398895, 0.09549541771411896, 0.08676767349243164,
    ];

    [Theory]
    [InlineData("1.4-epoch", 3)]
    [InlineData("1.5-epoch", 3)]
    [InlineData("1.6-epoch", 3)]
    [InlineData("1.6-batch", 4)]
    [InlineData("1.9-epoch", 3)]
    [InlineData("1.9-batch", 4)]
    [InlineData("2.2-epoch", 3)]
    [InlineData("2.2-batch", 4)]
    public void A_run_of_Python_goes_on_where_it_was_with_the_losses_of_a_run_without_a_break(string file, int done)
    {
        var (model, trainer) = Fit(file, []);

        Assert.Equal(Losses.Length - done, model.Losses.Count);
        foreach (var (expected, actual) in Losses.Skip(done).Zip(model.Losses)) Assert.Equal(expected, actual, 1e-6);
        Assert.Equal(new Progress(4, 0, 12, 12, 12), trainer.Progress with { SamplesSeen = 0, Validations = 0 });
    }

    [Fact]
    public void A_file_from_before_1_6_made_inside_an_epoch_goes_on_with_the_next_one_as_in_Python()
    {
        var (model, trainer) = Fit("1.5-batch", []);

        Assert.Equal(6, model.Losses.Count); // epochs 2 and 3
        Assert.Equal((4, 10L), (trainer.CurrentEpoch, trainer.GlobalStep));
    }

    [Theory]
    [InlineData("1.4-epoch")]
    [InlineData("1.5-epoch")]
    [InlineData("1.9-epoch")]
    [InlineData("2.2-epoch")]
    public void Callbacks_take_up_what_Python_s_callbacks_of_the_same_settings_had_seen(string file)
    {
        using var folder = new TempFolder();
        var stopping = new EarlyStopping("val_loss") { Patience = 3 };
        var saving = new Remembering();
        using var log = new ListLog();

        Fit(file, [stopping, new ModelCheckpoint { Monitor = "val_loss", DirPath = folder.Path }, saving], log);

        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("holds state of callbacks", StringComparison.Ordinal));
        Assert.Equal("/tmp/lightning/epoch.ckpt", saving.Best); // of another folder: known, but never deleted
        Assert.True(saving.BestScore is > 0 and < 1, $"{saving.BestScore}");
    }

    [Fact]
    public void Python_s_Lightning_goes_on_from_our_file_and_we_from_its()
    {
        using var folder = new TempFolder();
        var ours = new ModelCheckpoint { Monitor = "val_loss", SaveTopK = -1, DirPath = folder.Path };
        var theirs = Path.Combine(folder.Path, "theirs.ckpt");
        new Trainer(Quiet.Options with { EnableCheckpointing = true, MaxEpochs = 2, NumSanityValSteps = 0, Callbacks = [new EarlyStopping("val_loss") { Patience = 3 }, ours] })
            .Fit(new Scheduled(), ToyData.Batches(12, 4), ToyData.Batches(4, 4, 100));

        var said = PythonTorch.Run("lightning_fit.py", Path.Combine(folder.Path, "epoch=1-step=6.ckpt"), theirs, "3");

        Assert.SkipWhen(said.Contains("no lightning", StringComparison.Ordinal), "Python's Lightning is not installed (LIGHTNINGSHARP_PYTHONPATH names where it lies): what it makes of our files was not tried.");
        Assert.Contains($"at 2 6 stopping", said, StringComparison.Ordinal);
        Assert.Contains($"saving {ours.BestModelPath} ", said, StringComparison.Ordinal);
        using (var file = CheckpointFile.Read(theirs))
        {
            var losses = StateValue.List(file["losses"]).Select(loss => (double)loss!).ToList(); // a list of numbers
            Assert.Equal(3, losses.Count);
            foreach (var (expected, actual) in Losses.Skip(6).Zip(losses)) Assert.Equal(expected, actual, 1e-6);
        }

        var (model, trainer) = Fit(theirs, []);
        Assert.Equal((3, 12L), (model.Losses.Count, trainer.GlobalStep));
        foreach (var (expected, actual) in Losses.Skip(9).Zip(model.Losses)) Assert.Equal(expected, actual, 1e-6);
    }

    private static (TinyModel Model, Trainer Trainer) Fit(string file, Callback[] callbacks, ListLog? log = null)
    {
        var model = new Scheduled();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 4, NumSanityValSteps = 0, Callbacks = callbacks, LoggerFactory = log, EnableCheckpointing = callbacks.Length > 0 });
        trainer.Fit(model, ToyData.Batches(12, 4), ToyData.Batches(4, 4, 100), Path.Combine(Repository.Root, "tests", "interop", "lightning", Path.IsPathRooted(file) ? file : $"{file}.ckpt"));
        return (model, trainer);
    }

    private sealed class Scheduled : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers()
        {
            var sgd = optim.SGD(parameters().ToArray(), 0.1, momentum: 0.9);
            return (sgd, new StepLR(sgd, 1, gamma: 0.5));
        }
    }

    private sealed class Remembering : Callback
    {
        public string? Best { get; private set; }

        public double BestScore { get; private set; }

        public override void OnTrainStart(HookContext context)
        {
            Best = context.Trainer.CheckpointCallback!.BestModelPath;
            BestScore = context.Trainer.Callbacks.OfType<EarlyStopping>().Single().BestScore;
        }
    }
}
