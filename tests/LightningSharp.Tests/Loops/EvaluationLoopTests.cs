using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Loops;

public class EvaluationLoopTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loader_that_shuffles_for_an_evaluation_is_pointed_out(bool shuffle)
    {
        using var log = new ListLog();
        using var dataset = new TensorDataset(zeros(8, 4), zeros(8, 2));

        new Trainer(Quiet.Options with { LoggerFactory = log }).Test(new TinyModel(), new DataLoader<(Tensor X, Tensor Y)>(dataset, batchSize: 4, shuffle: shuffle));

        Assert.Equal(shuffle ? 1 : 0, log.Lines.Count(line => line.Id == (int)MessageId.ShuffledEvaluation));
    }

    [Fact]
    public void Values_of_validation_steps_are_drawn_over_all_batches_of_all_runs()
    {
        var memory = new InMemoryLogger();
        using var folder = new Support.TempFolder();

        new Trainer(Quiet.Options with { MaxEpochs = 2, Loggers = [memory], EnableReport = false, DefaultRootDir = folder.Path }).Fit(new EachStep(), ToyData.Batches(4, 4), ToyData.Batches(12, 4));

        Assert.Equal([0L, 1, 2, 3, 4, 5], memory.Series("v_step").Select(point => point.Step)); // the sanity check counts for nothing
        Assert.Equal([0.0, 1, 2, 0, 1, 2], memory.Series("v_step").Select(point => point.Value));
        Assert.Equal([1.0, 1.0], memory.Series("v_epoch").Select(point => point.Value));
    }

    [Fact]
    public void Each_of_several_loaders_has_its_own_values_under_its_name()
    {
        var group = new LoaderGroup<(Tensor X, Tensor Y)> { { "small", ToyData.Batches(4, 4) }, { "large", ToyData.Batches(12, 4) } };

        var result = new Trainer(Quiet.Options).Test(new EachStep(), group);

        Assert.Equal(["small", "large"], result.Select(loader => loader.Name));
        Assert.Equal((0.0, 1.0), (result[0].Metrics["t/small"], result[1].Metrics["t/large"]));
        Assert.DoesNotContain("t/large", result[0].Metrics.Keys);
    }

    [Theory]
    [InlineData(2, "0 1 0 1")]
    [InlineData(9, "0 1 2 0 1")]
    public void A_limit_of_batches_holds_for_each_loader(int limit, string expected)
    {
        var seen = new List<int>();
        var group = new LoaderGroup<(Tensor X, Tensor Y)> { ToyData.Batches(12, 4), ToyData.Batches(8, 4) };

        new Trainer(Quiet.Options with { LimitTestBatches = limit, Callbacks = [new LambdaCallback(onTestBatchStart: c => seen.Add(c.BatchIndex))] }).Test(new TinyModel(), group);

        Assert.Equal(expected, string.Join(' ', seen));
    }

    [Fact]
    public void An_evaluation_limited_to_nothing_does_nothing()
    {
        var model = new EachStep();

        var result = new Trainer(Quiet.Options with { LimitTestBatches = Limit.None }).Test(model, ToyData.Batches(12, 4));

        Assert.Equal(0, model.Tested);
        Assert.Empty(result.SelectMany(loader => loader.Metrics));
    }

    [Theory]
    [InlineData(true, "Test has no data: pass a loader, or override TestDataLoader")]
    [InlineData(false, "Validate has no data: pass a loader, or override ValidationDataLoader")]
    public void An_evaluation_without_data_says_which_loader_is_missing(bool test, string expected)
    {
        var trainer = new Trainer(Quiet.Options);

        var error = Assert.Throws<MisconfigurationException>(() => test ? trainer.Test(new TinyModel()) : trainer.Validate(new TinyModel()));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_modes_of_all_parts_are_restored_also_when_the_step_fails()
    {
        using var model = new FailsInTest();
        model.Layer.eval();

        Assert.Throws<InvalidTimeZoneException>(() => new Trainer(Quiet.Options).Test(model, ToyData.Batches(4, 4)));

        Assert.Equal((true, false), (model.training, model.Layer.training));
        Assert.True(is_grad_enabled());
        Assert.False(is_inference_mode_enabled());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inference_mode_is_on_in_a_test_unless_it_is_switched_off_and_never_in_the_validation_of_a_fit(bool option)
    {
        var model = new AsksForMode();

        new Trainer(Quiet.Options with { InferenceMode = option }).Test(model, ToyData.Batches(4, 4));
        new Trainer(Quiet.Options with { InferenceMode = option }).Fit(model, ToyData.Batches(4, 4), ToyData.Batches(4, 4));

        Assert.Equal([option, false, false], model.Inference); // test, sanity check, validation
    }

    [Fact]
    public void Loaders_know_the_epoch_that_they_are_read_in()
    {
        var loader = new KnowsEpoch();

        new Trainer(Quiet.Options with { MaxEpochs = 3, NumSanityValSteps = 0 }).Fit(new TinyModel(), ToyData.Batches(4, 4), loader);

        Assert.Equal([0, 1, 2], loader.Epochs);
    }

    private sealed class EachStep : TinyModel
    {
        public int Tested { get; private set; }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("v", batchIndex, onStep: true, onEpoch: true);

        public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Tested++;
            Log("t", batchIndex);
        }
    }

    private sealed class FailsInTest : TinyModel
    {
        public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => throw new InvalidTimeZoneException("thrown by the test");
    }

    private sealed class AsksForMode : TinyModel
    {
        public List<bool> Inference { get; } = [];

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Inference.Add(is_inference_mode_enabled());

        public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => Inference.Add(is_inference_mode_enabled());
    }

    private sealed class KnowsEpoch : List<(Tensor X, Tensor Y)>, ILoader
    {
        public KnowsEpoch()
            : base(ToyData.Batches(4, 4))
        {
        }

        public List<int> Epochs { get; } = [];

        public int? BatchCount => Count;

        public void SetEpoch(int epoch) => Epochs.Add(epoch);
    }
}
