using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

public class TrainerEvaluationTests
{
    [Fact]
    public void Test_without_a_module_and_without_a_run_before_says_what_is_missing()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Test(ToyData.Batches(4, 2)));

        Assert.Contains("no module has run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_without_a_module_and_without_a_checkpoint_says_so()
    {
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 1 });
        trainer.Fit(new Asked(), ToyData.Batches(4, 2));

        var error = Assert.Throws<MisconfigurationException>(() => trainer.Test(ToyData.Batches(4, 2)));

        Assert.Contains("Resume.Best", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_of_predictions_has_the_order_of_the_loader()
    {
        var model = new Asked();
        var expected = new Trainer(Quiet.Options).Predict(model, ToyData.Batches(10, 2));
        var trainer = new Trainer(Quiet.Options);

        var actual = new List<Tensor>();
        await foreach (var output in trainer.PredictStream(model, ToyData.Batches(10, 2), cancellation: TestContext.Current.CancellationToken)) actual.Add(output);

        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < actual.Count; i++) Assert.True(expected[i].Equals(actual[i]));
        Assert.Equal([5], trainer.NumPredictBatches);
    }

    [Fact]
    public async Task A_stream_of_predictions_may_be_left_early()
    {
        var trainer = new Trainer(Quiet.Options);
        var model = new Asked();

        await foreach (var output in trainer.PredictStream(model, Endless(), cancellation: TestContext.Current.CancellationToken))
        {
            output.Dispose();
            break;
        }

        Assert.Equal(Stage.Idle, trainer.Stage);
        Assert.True(model.training);
    }

    [Fact]
    public async Task What_goes_wrong_in_a_stream_of_predictions_is_thrown_where_it_is_read()
    {
        var stream = new Trainer(Quiet.Options).PredictStream(new Asked(), Failing(), cancellation: TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            await foreach (var output in stream) output.Dispose();
        });
    }

    [Fact]
    public void A_callback_of_the_module_replaces_one_of_the_same_type_for_the_run()
    {
        var mine = new EarlyStopping("loss") { Patience = 1 };
        var own = new EarlyStopping("loss") { Patience = 5 };
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 1, Callbacks = [mine] });

        trainer.Fit(new Asked(own), ToyData.Batches(4, 2));

        Assert.Same(own, Assert.Single(trainer.Callbacks.OfType<EarlyStopping>()));
        trainer.MaxEpochs = 2;
        trainer.Fit(new Asked(), ToyData.Batches(4, 2));
        Assert.Same(mine, Assert.Single(trainer.Callbacks.OfType<EarlyStopping>()));
    }

    [Fact]
    public void One_name_from_two_loaders_without_their_names_is_an_error()
    {
        var loaders = new LoaderGroup<(Tensor X, Tensor Y)> { ToyData.Batches(2, 2), ToyData.Batches(2, 2) };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Validate(new Asked(), loaders));

        Assert.Contains("'plain'", error.Message, StringComparison.Ordinal);
        Assert.Contains("addDataLoaderIndex", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hyper_parameter_with_two_values_is_an_error_that_names_it()
    {
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 1, Loggers = [new LightningSharp.Logging.InMemoryLogger()] });

        var error = Assert.Throws<MisconfigurationException>(() => trainer.Fit(new Asked(), new Contradicting()));

        Assert.Contains("'rate'", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(Tensor X, Tensor Y)> Endless()
    {
        while (true) yield return ToyData.Batches(2, 2)[0];
    }

    private static IEnumerable<(Tensor X, Tensor Y)> Failing()
    {
        yield return ToyData.Batches(2, 2)[0];
        throw new NotSupportedException("the loader's own error");
    }

    private sealed class Asked(params Callback[] callbacks) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(4, 2);

        public override IReadOnlyDictionary<string, object?> HyperParameters { get; } = new Dictionary<string, object?> { ["rate"] = 0.1 };

        public override IEnumerable<Callback> ConfigureCallbacks() => callbacks;

        public override Tensor forward(Tensor input) => layer.call(input);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = nn.functional.mse_loss(call(batch.X), batch.Y);
            Log("loss", loss);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("plain", 1.0, addDataLoaderIndex: false);

        public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("test", 1.0);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
    }

    private sealed class Contradicting : DataModule<(Tensor X, Tensor Y)>
    {
        public override IReadOnlyDictionary<string, object?> HyperParameters { get; } = new Dictionary<string, object?> { ["rate"] = 0.2 };

        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader() => ToyData.Batches(4, 2);
    }
}
