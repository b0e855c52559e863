using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Loops;

public class FitLoopTests
{
    [Fact]
    public void A_module_that_skips_the_rest_of_an_epoch_takes_no_step_for_that_batch_and_the_next_epoch_begins()
    {
        var ends = new List<(int Epoch, int Batches)>();
        var model = new Skips(atBatch: 2);

        var result = new Trainer(Quiet.Options with { MaxEpochs = 2, Callbacks = [new LambdaCallback(onTrainEpochEnd: c => ends.Add((c.Trainer.CurrentEpoch, c.Trainer.Progress.BatchInEpoch)))] })
            .Fit(model, ToyData.Batches(20, 4));

        Assert.Equal(4, model.Losses.Count);
        Assert.Equal([(0, 2), (1, 2)], ends);
        Assert.Equal((2, 0, 4L, 4L), (result.Progress.Epoch, result.Progress.BatchInEpoch, result.Progress.GlobalStep, result.Progress.BatchesSeen));
    }

    [Fact]
    public void Data_that_can_be_read_only_once_are_an_error_in_the_second_epoch()
    {
        var once = new Queue<(Tensor X, Tensor Y)>(ToyData.Batches(20, 4));
        IEnumerable<(Tensor X, Tensor Y)> Drain()
        {
            while (once.TryDequeue(out var batch)) yield return batch;
        }

        var exception = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { MaxEpochs = 3 }).Fit(new TinyModel(), Drain()));

        Assert.Contains("no batch in epoch 1, after 5 batches before", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxEpochs = 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_skips_the_rest_of_the_epoch_before_or_after_a_batch()
    {
        var before = new LambdaCallback(onTrainBatchStart: c => SkipAt(c.Trainer, 3));
        var after = new LambdaCallback(onTrainBatchEnd: c => SkipAt(c.Trainer, 3));

        var steps = new[] { before, after }.Select(callback => new Trainer(Quiet.Options with { MaxEpochs = 2, Callbacks = [callback] }).Fit(new TinyModel(), ToyData.Batches(20, 4)).Progress.GlobalStep);

        Assert.Equal([6L, 6L], steps); // three of the five batches, twice
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    public void Loaders_are_asked_for_again_every_so_many_epochs(int every, int times)
    {
        var data = new Counts();

        new Trainer(Quiet.Options with { MaxEpochs = 5, ReloadDataloadersEveryNEpochs = every, NumSanityValSteps = 0 }).Fit(new TinyModel(), data);

        Assert.Equal((times, times), (data.Train, data.Validation));
    }

    [Fact]
    public void Validation_data_that_is_first_asked_for_in_a_later_epoch_lives_on()
    {
        var (data, validations) = (new Counts(), 0);

        new Trainer(Quiet.Options with { MaxEpochs = 6, CheckValEveryNEpoch = 2, NumSanityValSteps = 0, Callbacks = [new LambdaCallback(onValidationEnd: _ => validations++)] }).Fit(new TinyModel(), data);

        Assert.Equal((1, 3), (data.Validation, validations));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_part_that_is_in_eval_mode_when_training_starts_is_pointed_out(bool isEval)
    {
        using var log = new ListLog();
        using var model = new TinyModel();
        if (isEval) model.Layer.eval();

        new Trainer(Quiet.Options with { LoggerFactory = log }).Fit(model, ToyData.Batches(4, 4));

        var said = log.Lines.Where(line => line.Id == (int)MessageId.EvalModeModules).Select(line => line.Text[..11]);
        Assert.Equal(isEval ? ["1 module(s)"] : [], said);
    }

    [Fact]
    public void Half_of_a_validation_is_said_and_left_out()
    {
        using var log = new ListLog();
        var validations = 0;
        var options = Quiet.Options with { LoggerFactory = log, Callbacks = [new LambdaCallback(onValidationStart: _ => validations++)] };

        new Trainer(options).Fit(new TinyModel(), ToyData.Batches(4, 4));
        new Trainer(options).Fit(new WithoutValidation(), ToyData.Batches(4, 4), ToyData.Batches(4, 4));
        new Trainer(options).Fit(new WithoutValidation(), ToyData.Batches(4, 4));

        var said = log.Lines.Where(line => line.Id == (int)MessageId.ValidationIncomplete).Select(line => line.Text).ToList();
        Assert.Equal(["TinyModel overrides ValidationStep, but there is no validation data: validation is skipped.", "There is validation data, but WithoutValidation does not override ValidationStep: validation is skipped."], said);
        Assert.Equal(0, validations);
    }

    [Fact]
    public void A_limit_of_no_validation_batches_switches_it_off_without_a_word()
    {
        using var log = new ListLog();
        var trainer = new Trainer(Quiet.Options with { LoggerFactory = log, LimitValBatches = Limit.None });

        trainer.Fit(new WithoutValidation(), ToyData.Batches(4, 4), ToyData.Batches(4, 4));

        Assert.DoesNotContain(log.Lines, line => line.Id == (int)MessageId.ValidationIncomplete);
        Assert.False(trainer.EnableValidation);
    }

    [Fact]
    public void Validation_data_is_not_asked_for_when_there_is_no_validation()
    {
        var (off, without) = (new Counts(), new Counts());

        new Trainer(Quiet.Options with { LimitValBatches = Limit.None }).Fit(new TinyModel(), off);
        new Trainer(Quiet.Options).Fit(new WithoutValidation(), without);

        Assert.Equal((1, 0, 1, 0), (off.Train, off.Validation, without.Train, without.Validation));
    }

    [Fact]
    public void A_sanity_check_leaves_no_values_and_draws_no_random_number_of_the_training()
    {
        double[] Drawn(int sanity, out IReadOnlyDictionary<string, double> metrics)
        {
            manual_seed(7);
            var model = new Draws();
            var trainer = new Trainer(Quiet.Options with { NumSanityValSteps = sanity, LimitValBatches = 3 });
            IReadOnlyDictionary<string, double>? atStart = null;
            model.AtStart = () => atStart = new Dictionary<string, double>(trainer.CallbackMetrics);
            trainer.Fit(model, ToyData.Batches(8, 4), ToyData.Batches(12, 4));
            metrics = atStart!; // OnTrainStart ran
            return [.. model.Drawn];
        }

        var without = Drawn(0, out _);
        var with = Drawn(2, out var metrics);

        Assert.Equal(without, with);
        Assert.Empty(metrics);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(9, 3)]
    [InlineData(-1, 3)] // all
    public void A_sanity_check_takes_so_many_batches(int steps, int expected)
    {
        var batches = 0;
        var check = new LambdaCallback(onValidationBatchEnd: c => batches += c.Trainer.Stage == Stage.SanityCheck ? 1 : 0);

        new Trainer(Quiet.Options with { NumSanityValSteps = steps, Callbacks = [check] }).Fit(new TinyModel(), ToyData.Batches(4, 4), ToyData.Batches(12, 4));

        Assert.Equal(expected, batches);
    }

    [Fact]
    public void A_validation_in_the_middle_of_a_window_keeps_its_gradients()
    {
        float[] Weights(bool validating)
        {
            using var model = new TinyModel();
            var options = Quiet.Options with { AccumulateGradBatches = 2, NumSanityValSteps = 0, ValCheckInterval = Every.Batches(1), LimitValBatches = validating ? Limit.All : Limit.None };
            new Trainer(options).Fit(model, ToyData.Batches(16, 4), ToyData.Batches(4, 4));
            return model.Layer.weight!.data<float>().ToArray();
        }

        Assert.Equal(Weights(validating: false), Weights(validating: true));
    }

    [Theory]
    [InlineData(1, "1 2 3 4 5")]
    [InlineData(2, "2 4 5")]
    [InlineData(3, "3 5")]
    public void Gradients_are_cleared_for_a_validation_only_between_windows(int window, string expected)
    {
        var model = new Clears();

        new Trainer(Quiet.Options with { AccumulateGradBatches = window, NumSanityValSteps = 0, ValCheckInterval = Every.Batches(1) }).Fit(model, ToyData.Batches(20, 4), ToyData.Batches(4, 4));

        Assert.Equal(expected, string.Join(' ', model.Cleared));
    }

    [Fact]
    public void A_loader_of_unknown_length_cuts_its_last_window_like_one_of_known_length()
    {
        float[] Weights(IEnumerable<(Tensor X, Tensor Y)> data)
        {
            using var model = new TinyModel();
            var result = new Trainer(Quiet.Options with { MaxEpochs = 2, AccumulateGradBatches = 2 }).Fit(model, data);
            Assert.Equal(4, result.Progress.GlobalStep);
            return model.Layer.weight!.data<float>().ToArray();
        }

        // Halving and doubling are exact, so that the mean over one batch is, too.
        Assert.Equal(Weights(ToyData.Batches(12, 4)), Weights(new Unknown(12)));
    }

    [Fact]
    public void A_skipped_batch_counts_in_no_mean_of_its_window()
    {
        float[] Weights(int window, int skipped, List<(Tensor X, Tensor Y)> data)
        {
            using var model = new LeavesOut(skipped);
            new Trainer(Quiet.Options with { AccumulateGradBatches = window }).Fit(model, data);
            return model.Layer.weight!.data<float>().ToArray();
        }

        var alone = Weights(1, -1, ToyData.Batches(4, 4));

        Assert.Equal(alone, Weights(2, 1, ToyData.Batches(8, 4)));
    }

    [Fact]
    public void A_window_of_skipped_batches_takes_no_step()
        => Assert.Equal(1, new Trainer(Quiet.Options with { AccumulateGradBatches = 2 }).Fit(new LeavesOut(0, 1), ToyData.Batches(16, 4)).Progress.GlobalStep);

    [Fact]
    public void Values_of_steps_are_logged_when_so_many_windows_are_over()
    {
        var memory = new LightningSharp.Logging.InMemoryLogger();
        using var folder = new TempFolder();

        new Trainer(Quiet.Options with { AccumulateGradBatches = 2, LogEveryNSteps = 2, Loggers = [memory], EnableReport = false, DefaultRootDir = folder.Path }).Fit(new TinyModel(), ToyData.Batches(40, 4));

        Assert.Equal([1L, 3L], memory.Series("loss").Select(point => point.Step)); // of five steps
    }

    [Fact]
    public void Values_of_steps_are_logged_once_per_epoch_when_an_epoch_has_few_windows()
    {
        var memory = new LightningSharp.Logging.InMemoryLogger();
        using var folder = new TempFolder();

        new Trainer(Quiet.Options with { AccumulateGradBatches = 4, MaxEpochs = 2, Loggers = [memory], EnableReport = false, DefaultRootDir = folder.Path }).Fit(new TinyModel(), ToyData.Batches(40, 4));

        Assert.Equal([2L, 5L], memory.Series("loss").Select(point => point.Step)); // the last of three steps
    }

    [Fact]
    public void Overfitting_takes_the_first_batches_in_order_for_training_and_validation()
    {
        using var x = arange(0, 40, dtype: ScalarType.Float32).reshape(10, 4);
        using var dataset = new TensorDataset(x.clone(), zeros(10, 2));
        var model = new Sees();

        new Trainer(Quiet.Options with { OverfitBatches = 2, MaxEpochs = 2, NumSanityValSteps = 0 })
            .Fit(model, new DataLoader<(Tensor X, Tensor Y)>(dataset, batchSize: 2, shuffle: true, seed: 3), new DataLoader<(Tensor X, Tensor Y)>(dataset, batchSize: 2));

        Assert.Equal([0f, 8, 0, 8], model.Firsts);
    }

    [Fact]
    public void The_run_ends_with_the_epoch_that_a_stop_is_asked_for_in_the_middle_of()
    {
        var batches = new List<int>();
        var stop = new LambdaCallback(onTrainBatchEnd: c =>
        {
            batches.Add(c.BatchIndex);
            if (batches.Count == 2) c.Trainer.Stop("enough");
        });

        var result = new Trainer(Quiet.Options with { MaxEpochs = 3, Callbacks = [stop] }).Fit(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Equal([0, 1], batches);
        Assert.Equal((StopReason.Requested, 1, 2L), (result.StopReason, result.Progress.Epoch, result.Progress.GlobalStep));
    }

    private static void SkipAt(Trainer trainer, int batches)
    {
        if (trainer.Progress.BatchInEpoch == batches) trainer.SkipRestOfEpoch();
    }

    private sealed class Skips(int atBatch) : TinyModel
    {
        public override BatchFlow OnTrainBatchStart((Tensor X, Tensor Y) batch, int batchIndex) => batchIndex == atBatch ? BatchFlow.SkipRestOfEpoch : BatchFlow.Continue;
    }

    private sealed class Counts : DataModule<(Tensor X, Tensor Y)>
    {
        public int Train { get; private set; }

        public int Validation { get; private set; }

        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader()
        {
            Train++;
            return ToyData.Batches(4, 4);
        }

        public override IEnumerable<(Tensor X, Tensor Y)> ValidationDataLoader()
        {
            Validation++;
            return ToyData.Batches(4, 4);
        }
    }

    private sealed class WithoutValidation : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(4, 2);

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => call(batch.X).mean();

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }

    private sealed class Draws : TinyModel
    {
        public List<double> Drawn { get; } = [];

        public Action? AtStart { get; set; }

        public override void OnTrainStart() => AtStart?.Invoke();

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Drawn.Add(rand(1).ToDouble());
            return Loss(batch);
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("drawn", rand(1));
    }

    private sealed class Clears : TinyModel
    {
        public List<int> Cleared { get; } = [];

        public override void OnValidationModelZeroGrad()
        {
            Cleared.Add(Trainer.Progress.BatchInEpoch);
            base.OnValidationModelZeroGrad();
        }
    }

    private sealed class LeavesOut(params int[] batches) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => batches.Contains(batchIndex) ? null : Loss(batch);
    }

    private sealed class Sees : TinyModel
    {
        public List<float> Firsts { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Firsts.Add(batch.X[0, 0].ToSingle());
            return Loss(batch) * 0;
        }
    }

    private sealed class Unknown(int rows) : IEnumerable<(Tensor X, Tensor Y)>
    {
        public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
        {
            foreach (var batch in ToyData.Batches(rows, 4)) yield return batch;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
