using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Contract;

/// <summary>Rows of the specification that ask for a warning, and options that others take the place of: none is silent, and each is said once.</summary>
public sealed class SaidOnceTests
{
    private static readonly TrainerOptions Q = Quiet.Options with { NumSanityValSteps = 0 };

    [Fact]
    public void G24_Log_without_a_Trainer_does_nothing_and_says_so_once()
    {
        var log = new ListLog();
        var before = UnattachedLog.Output;
        UnattachedLog.Output = log;
        try
        {
            using var first = new Alone();
            using var second = new Alone();
            var (x, y) = ToyData.Batches(4, 4)[0];

            Assert.NotNull(first.TrainingStep((x, y), 0));
            Assert.NotNull(second.TrainingStep((x, y), 0));
            second.LogText("note", "text");
        }
        finally
        {
            UnattachedLog.Output = before;
        }

        var line = Assert.Single(log.Lines, line => line.Text.Contains(nameof(Alone), StringComparison.Ordinal));
        Assert.Equal((int)MessageId.LogIgnored, line.Id);
        Assert.Contains("no Trainer has taken Alone yet", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void G24_pictures_and_texts_in_the_barebones_mode_are_warned_about_too()
    {
        var log = Lines(Q with { Barebones = true, Callbacks = [new LambdaCallback(onTrainBatchEnd: c => c.Trainer.LogText("note", "text"))] }, new Silent());

        Assert.Single(log, line => line.Id == (int)MessageId.LogIgnored);
    }

    [Fact]
    public void G25_Log_without_loggers_says_nothing()
    {
        var log = Lines(Q with { LimitValBatches = 0 }, new TinyModel());

        Assert.DoesNotContain(log, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void G10_a_logged_tensor_that_is_no_floating_point_number_is_converted_and_warned_about(bool isWhole)
    {
        var log = Lines(Q with { MaxEpochs = 2 }, new LogsTensor(() => isWhole ? tensor(3) : tensor(3f)));

        Assert.Equal(isWhole ? 1 : 0, log.Count(line => line.Id == (int)MessageId.ConvertedValue && line.Text.Contains("'x' was logged in TrainingStep as a tensor of type Int32", StringComparison.Ordinal)));
    }

    [Fact]
    public void T9_a_training_without_any_limit_is_warned_about_when_it_starts()
    {
        var log = new ListLog();
        var trainer = new Trainer(Q with { MaxEpochs = null, LoggerFactory = log, Callbacks = [new LambdaCallback(onTrainBatchEnd: c => c.Trainer.Stop("enough"))] });
        trainer.Validate(new TinyModel(), ToyData.Batches(4, 4));
        Assert.DoesNotContain(log.Lines, line => line.Id == (int)MessageId.DefaultMaxEpochs);

        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        var line = Assert.Single(log.Lines, line => line.Id == (int)MessageId.DefaultMaxEpochs);
        Assert.Equal((Microsoft.Extensions.Logging.LogLevel.Warning, true), (line.Level, line.Text.Contains("1000 epochs are the limit", StringComparison.Ordinal)));
    }

    [Fact]
    public void T15_limits_that_OverfitBatches_takes_the_place_of_are_named()
    {
        var log = new ListLog();

        _ = new Trainer(Q with { OverfitBatches = 2, LimitTrainBatches = 0.5, LimitValBatches = 2, LoggerFactory = log });

        Assert.Contains("OverfitBatches = 2 batches takes the place of LimitTrainBatches = 0.5:", Assert.Single(log.Lines, line => line.Id == (int)MessageId.OptionOverridden).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void T15_both_loaders_lose_their_shuffling_and_keep_their_own_data()
    {
        var seen = new List<float>();
        var log = new ListLog();
        using var model = new Sees(seen);

        new Trainer(Q with { OverfitBatches = 2, MaxEpochs = 2, LoggerFactory = log }).Fit(model, Shuffled(0), Shuffled(100));

        Assert.Equal([0, 1, 100, 101, 0, 1, 100, 101], seen);
        Assert.Equal(["training", "validation"], log.Lines.Where(line => line.Id == (int)MessageId.ShufflingOff).Select(line => line.Text.Split(' ')[1]));
        Assert.DoesNotContain(log.Lines, line => line.Id == (int)MessageId.ShuffledEvaluation);
    }

    [Fact]
    public void T15_loaders_that_are_read_together_lose_it_each()
    {
        var combined = CombinedLoader.Zip(Shuffled(0), Shuffled(100));

        ((IShuffled)combined).UseSequentialOrder();

        Assert.Equal([0, 1, 2, 3, 4, 5], combined.Select(batch => batch.First.X[0, 0].ToSingle()));
        Assert.Equal([100, 101, 102, 103, 104, 105], combined.Select(batch => batch.Second.X[0, 0].ToSingle()));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(2, false)]
    [InlineData(null, false)]
    public void T19_an_interval_longer_than_an_epoch_is_warned_about(int? interval, bool warned)
    {
        using var folder = new TempFolder();
        var log = Lines(Q with { LogEveryNSteps = interval, Loggers = [new InMemoryLogger()], EnableReport = false, DefaultRootDir = folder.Path }, new TinyModel());

        Assert.Equal(warned, log.Any(line => line.Id == (int)MessageId.LogIntervalTooLong && line.Text.Contains("LogEveryNSteps = 5, but an epoch has 2 batches", StringComparison.Ordinal)));
    }

    [Fact]
    public void T32_a_sanity_check_contradicts_the_barebones_mode()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { Barebones = true, NumSanityValSteps = -1, LogInterval = 5.Batches() }));

        Assert.Contains("no NumSanityValSteps with it", error.Message, StringComparison.Ordinal);
        Assert.Contains("no LogInterval with it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HK22_a_transfer_hook_that_a_data_module_takes_the_place_of_is_warned_about()
    {
        var log = new ListLog();
        using var model = new Transfers();

        new Trainer(Q with { LoggerFactory = log }).Fit(model, new TransfersToo());

        Assert.Contains(
            "OnBeforeBatchTransfer is overridden in Transfers and in TransfersToo", Assert.Single(log.Lines, line => line.Id == (int)MessageId.OptionOverridden).Text, StringComparison.Ordinal);
        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public void TP8_the_first_callbacks_of_a_kind_have_a_name()
    {
        var stopping = new EarlyStopping("loss");

        var trainer = new Trainer(Q with { Callbacks = [stopping, new EarlyStopping("val_loss")], EnableProgressBar = true });

        Assert.Same(stopping, trainer.EarlyStoppingCallback);
        Assert.IsType<ProgressBar>(trainer.ProgressBarCallback);
        Assert.Null(new Trainer(Q).EarlyStoppingCallback);
    }

    private static List<(Microsoft.Extensions.Logging.LogLevel Level, int Id, string Text)> Lines(TrainerOptions options, TinyModel model)
    {
        var log = new ListLog();
        new Trainer(options with { LoggerFactory = log }).Fit(model, ToyData.Batches(8, 4));
        return log.Lines;
    }

    private static DataLoader<(Tensor X, Tensor Y)> Shuffled(int from)
        => new(new TensorDataset(arange(from, from + 6, dtype: ScalarType.Float32).reshape(6, 1).expand(6, 4).contiguous(), zeros(6, 2)), batchSize: 1, shuffle: true, seed: 3);

    private sealed class Alone : TinyModel;

    private sealed class Silent : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Loss(batch);
    }

    private sealed class LogsTensor(Func<Tensor> value) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Log("x", value());
            return Loss(batch);
        }
    }

    private sealed class Sees(List<float> seen) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            seen.Add(batch.X[0, 0].ToSingle());
            return null;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => seen.Add(batch.X[0, 0].ToSingle());
    }

    private sealed class Transfers : TinyModel
    {
        public int Calls { get; private set; }

        public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
        {
            Calls++;
            return batch;
        }
    }

    private sealed class TransfersToo : DataModule<(Tensor X, Tensor Y)>
    {
        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader() => ToyData.Batches(4, 4);

        public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex) => batch;
    }
}
