using System.Collections;
using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>The rows "loaders" of 5.2 through the Trainer; the loader's own errors are in Data/DataLoaderErrorTests.</summary>
public class BadLoaderTests
{
    public static TheoryData<string> Names => [.. Rows.Keys];

    private static Dictionary<string, (Func<object?> Call, string[] Texts)> Rows { get; } = new()
    {
        ["B033 fewer than announced"] = (() => BadInput.Fit(new TinyModel(), new Lies(announced: 5, given: 3)), ["announced 5 batches", "ended after 3"]),
        ["B037 shapes in one batch"] = (() => BadInput.Fit(new TinyModel(), Loader(Dataset.From(8, i => (new float[i == 5 ? 3 : 4], new float[2])))), ["item 5", "[3]"]),
        ["B039 disposed tensor"] = (() => BadInput.Fit(new TinyModel(), [(Disposed(), rand(4, 2))]), ["disposed", "batch 0"]),
        ["B046 negative workers"] = (() => Loader(new TensorDataset(rand(8, 4), rand(8, 2)), workers: -1), ["workers", "-1"]),
        ["B046 a thousand workers"] = (() => Loader(new TensorDataset(rand(8, 4), rand(8, 2)), workers: 1000), ["workers", "1000"]),
        ["B048 negative index"] = (() => BadInput.Fit(new TinyModel(), Sampled(-1)), ["-1", "0 to 7"]),
        ["B048 index too large"] = (() => BadInput.Fit(new TinyModel(), Sampled(8)), ["8", "0 to 7"]),
        ["B050 monitor without validation"] = (() => BadInput.Fit(new TinyModel(), ToyData.Batches(8, 4), options: Quiet.Options with { Callbacks = [new EarlyStopping("val_loss")] }), ["EarlyStopping watches 'val_loss'", "Logged so far: loss"]),
        ["B053 bytes into a float net"] = (() => BadInput.Fit(new TinyModel(), [(ones(4, 4, dtype: ScalarType.Byte), rand(4, 2))]), ["TinyModel.TrainingStep", "Byte [4, 4]"]),
        ["B019 FastDevRun with resume"] = (() => BadInput.Fit(new TinyModel(), ToyData.Batches(8, 4), options: Quiet.Options with { FastDevRun = true }, resume: "/nowhere/x.ckpt"), ["/nowhere/x.ckpt"]),
        ["B010 interval beyond the epoch"] = (() => BadInput.Fit(new TinyModel(), ToyData.Batches(20, 4), ToyData.Batches(4, 4), Quiet.Options with { ValCheckInterval = 7 }), ["ValCheckInterval", "7", "5"]),
        ["B009 rounds to nothing"] = (() => BadInput.Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(8, 4), Quiet.Options with { LimitValBatches = 0.01 }), ["LimitValBatches = 0.01", "less than one batch", "0.5"]),
        ["B016 no device"] = (() => new Trainer(Quiet.Options with { Devices = 0 }), ["Devices = 0", "expected 1"]),
        ["B016 negative"] = (() => new Trainer(Quiet.Options with { Devices = -3 }), ["Devices = -3"]),
        ["B016 too many"] = (() => new Trainer(Quiet.Options with { Devices = 99 }), ["Devices = 99"]),
        ["B016 twice"] = (() => new Trainer(Quiet.Options with { Accelerator = Accelerator.Cpu, Devices = Devices.Indices(0, 0) }), ["[0, 0]", "twice"]),
        ["B014 unknown precision"] = (() => Precision.Parse("fp17"), ["fp17", "bf16-mixed"]),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Data_that_cannot_work_is_named_with_what_was_received(string row) => BadInput.Refused(Rows[row].Call, Rows[row].Texts);

    [Fact]
    public void B033_a_loader_that_has_more_than_it_announced_is_read_as_far_as_announced()
        => Assert.Equal(3, BadInput.Fit(new TinyModel(), new Lies(announced: 3, given: 5)).Progress.BatchesSeen);

    [Fact]
    public void B034_a_data_set_that_grows_between_epochs_is_read_as_long_as_it_is_in_each()
    {
        var items = Enumerable.Range(0, 8).Select(_ => (new float[4], new float[2])).ToList();
        var grows = new Each(() => items.AddRange(items.Take(4).ToList()));

        var result = BadInput.Fit(new TinyModel(), Loader(Dataset.From(items)), options: Quiet.Options with { MaxEpochs = 2, Callbacks = [grows] });

        Assert.True(result.Progress.BatchesSeen is 4 or 5, $"{result.Progress.BatchesSeen}");
    }

    [Fact]
    public void B040_one_tensor_for_all_items_trains_and_stays_the_users()
    {
        using var row = rand(4);
        using var target = rand(2);

        var result = BadInput.Fit(new TinyModel(), Loader(Dataset.From(8, _ => (row, target))));

        Assert.Equal(2, result.Progress.GlobalStep);
        Assert.False(row.IsInvalid || target.IsInvalid);
    }

    [Fact]
    public void B043_an_endless_loader_ends_with_the_limit_of_steps()
    {
        var batch = ToyData.Batches(4, 4)[0];

        var result = BadInput.Fit(new TinyModel(), Endless(), options: Quiet.Options with { MaxEpochs = null, MaxSteps = 25 });

        Assert.Equal((StopReason.MaxSteps, 25L), (result.StopReason, result.Progress.GlobalStep));

        IEnumerable<(Tensor, Tensor)> Endless()
        {
            while (true) yield return batch;
        }
    }

    [Fact]
    public void B045_a_loader_that_throws_when_it_is_closed_is_not_silent_and_the_Trainer_can_run_again()
    {
        var trainer = new Trainer(Quiet.Options);

        var error = Record.Exception(() => trainer.Fit(new TinyModel(), new ThrowsInDispose()));

        Assert.Contains("closing", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        Assert.Equal(Stage.Idle, trainer.Stage);
        trainer.MaxEpochs = 2;
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
    }

    [Fact]
    public void B045_the_first_error_is_shown_when_closing_the_loader_throws_as_well()
    {
        var model = new Throws();

        var error = Record.Exception(() => new Trainer(Quiet.Options).Fit(model, new ThrowsInDispose()));

        Assert.True(error!.ToString().Contains("first cause", StringComparison.Ordinal), error.ToString());
    }

    [Fact]
    public void B048_an_index_that_occurs_twice_is_the_samplers_choice()
        => Assert.Equal(2, BadInput.Fit(new TinyModel(), Sampled(3)).Progress.GlobalStep);

    [Fact]
    public void B012_more_batches_to_accumulate_than_there_are_give_one_step_per_epoch()
        => Assert.Equal(1, BadInput.Fit(new TinyModel(), ToyData.Batches(16, 4), options: Quiet.Options with { AccumulateGradBatches = 100 }).Progress.GlobalStep);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void B051_data_that_is_not_finite_is_reported_with_its_batch(float value)
    {
        var messages = new RecordedMessages();
        var data = ToyData.Batches(16, 4);
        data[2].X[1, 1] = value;

        BadInput.Fit(new TinyModel(), data, options: Quiet.Options with { OnNonFinite = NonFiniteAction.Skip, LoggerFactory = messages });

        Assert.Contains(messages.Texts, text => text.Contains("in epoch 0, batch 2", StringComparison.Ordinal) && text.Contains("NaN in the data", StringComparison.Ordinal));
    }

    [Fact]
    public void B054_a_batch_without_any_tensor_trains_when_the_step_can_use_it()
    {
        var model = new TakesAnything();

        var result = new Trainer(Quiet.Options).Fit(model, new object[] { "text", 3, new DateTime(2026, 1, 1), new List<object> { "a", new List<int> { 1 } } });

        Assert.Equal(4, result.Progress.BatchesSeen);
        Assert.Equal(["String", "Int32", "DateTime", "List`1"], model.Seen);
    }

    [Fact]
    public void B054_an_epoch_mean_over_such_batches_needs_the_batch_size()
        => BadInput.Refused(() => new Trainer(Quiet.Options).Fit(new TakesAnything(withSize: false), new object[] { "text", 3 }), "the batch (String) holds no tensor", "Pass batchSize");

    [Fact]
    public void F17_an_allocation_refused_inside_a_worker_names_the_item_and_the_next_fit_works()
    {
        var loader = Loader(Dataset.From(8, i => (i == 5 ? new float[4].Concat(zeros(1L << 38).data<float>()).ToArray() : new float[4], new float[2])), workers: 2);
        var trainer = new Trainer(Quiet.Options);

        var error = Assert.ThrowsAny<LightningException>(() => trainer.Fit(new TinyModel(), loader));

        Assert.True(error is DataException or TrainingOutOfMemoryException, error.ToString());
        Assert.Contains("item 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("memory", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, trainer.Fit(new TinyModel(), ToyData.Batches(8, 4)).Progress.GlobalStep);
    }

    [Fact]
    public void A_worker_that_never_returns_ends_the_run_after_the_timeout_with_its_item()
    {
        using var never = new ManualResetEventSlim();
        var loader = new DataLoader<(Tensor X, Tensor Y)>(
            Dataset.From(8, i =>
            {
                if (i == 5) never.Wait();
                return (new float[4], new float[2]);
            }), batchSize: 4, workers: 2, timeout: TimeSpan.FromMilliseconds(300));
        var trainer = new Trainer(Quiet.Options);

        var error = Assert.Throws<DataException>(() => trainer.Fit(new TinyModel(), loader));

        never.Set();
        Assert.Contains("item 5", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, trainer.Fit(new TinyModel(), ToyData.Batches(8, 4)).Progress.GlobalStep);
    }

    private static DataLoader<(Tensor X, Tensor Y)> Loader(IDataset dataset, int workers = 0) => new(dataset, batchSize: 4, workers: workers);

    private static DataLoader<(Tensor X, Tensor Y)> Sampled(int last) => new(new TensorDataset(rand(8, 4), rand(8, 2)), batchSize: 4, sampler: new Fixed([0, 1, 2, 3, 3, 3, 4, last]));

    private static Tensor Disposed()
    {
        var tensor = rand(4, 4);
        tensor.Dispose();
        return tensor;
    }

    private sealed class Fixed(int[] order) : ISampler
    {
        public int Count => order.Length;

        public void Fill(long seed, int epoch, int start, Span<int> indices) => order.AsSpan(start, indices.Length).CopyTo(indices);
    }

    private sealed class Lies(int announced, int given) : IReadOnlyCollection<(Tensor X, Tensor Y)>
    {
        public int Count => announced;

        public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator() => ToyData.Batches(4 * given, 4).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class ThrowsInDispose : IEnumerable<(Tensor X, Tensor Y)>
    {
        public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
        {
            try
            {
                foreach (var batch in ToyData.Batches(8, 4)) yield return batch;
            }
            finally
            {
                Close();
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private static void Close() => throw new InvalidOperationException("closing");
    }

    private sealed class Throws : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => throw new InvalidOperationException("first cause");
    }

    private sealed class Each(Action action) : Callback
    {
        public override void OnTrainEpochEnd(HookContext context) => action();
    }

    private sealed class TakesAnything(bool withSize = true) : LightningModule<object>
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(4, 2);

        public List<string> Seen { get; } = [];

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep(object batch, int batchIndex)
        {
            Seen.Add(batch.GetType().Name);
            Log("seen", Seen.Count, onEpoch: true, onStep: false, batchSize: withSize ? 1 : null);
            return call(ones(1, 4)).sum();
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }
}
