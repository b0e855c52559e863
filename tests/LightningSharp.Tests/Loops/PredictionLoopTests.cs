using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Loops;

public class PredictionLoopTests
{
    [Fact]
    public void Predictions_outlive_the_run_and_belong_to_the_caller()
    {
        using var model = new TinyModel();

        var outputs = new Trainer(Quiet.Options).Predict(model, ToyData.Batches(10, 4));

        Assert.Equal([4L, 4, 2], outputs.Select(output => output.size(0)));
        Assert.All(outputs, output => Assert.False(output.requires_grad));
        foreach (var output in outputs) output.Dispose();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(9, 3)]
    public void A_limit_of_batches_is_kept(int limit, int expected)
        => Assert.Equal(expected, new Trainer(Quiet.Options with { LimitPredictBatches = limit }).Predict(new TinyModel(), ToyData.Batches(12, 4)).Count);

    [Fact]
    public void A_limit_of_none_runs_no_hook()
    {
        var started = 0;

        var outputs = new Trainer(Quiet.Options with { LimitPredictBatches = Limit.None, Callbacks = [new LambdaCallback(onPredictStart: _ => started++)] }).Predict(new TinyModel(), ToyData.Batches(12, 4));

        Assert.Empty(outputs);
        Assert.Equal(0, started);
    }

    [Fact]
    public void No_data_says_which_loader_is_missing()
        => Assert.Contains("override PredictDataLoader", Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Predict(new TinyModel())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Prediction_is_in_eval_mode_without_gradients_and_all_is_as_before_afterwards(bool inference)
    {
        using var model = new AsksForMode();

        new Trainer(Quiet.Options with { InferenceMode = inference }).Predict(model, ToyData.Batches(4, 4))[0].Dispose();

        Assert.Equal((false, false, inference), model.Seen);
        Assert.True(model.training);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void The_modes_are_restored_when_a_step_fails()
    {
        using var model = new Fails();

        Assert.Throws<InvalidTimeZoneException>(() => new Trainer(Quiet.Options).Predict(model, ToyData.Batches(4, 4)));

        Assert.True(model.training);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void A_cancelled_prediction_ends_before_its_next_batch()
    {
        using var cancel = new CancellationTokenSource();
        var seen = new List<int>();
        var callback = new LambdaCallback(onPredictBatchEnd: c =>
        {
            seen.Add(c.BatchIndex);
            if (c.BatchIndex == 1) cancel.Cancel();
        });

        _ = Record.Exception(() => new Trainer(Quiet.Options with { Callbacks = [callback] }).Predict(new TinyModel(), ToyData.Batches(16, 4), cancellation: cancel.Token));

        Assert.Equal([0, 1], seen);
    }

    [Fact]
    public void Each_loader_of_a_group_is_read_with_its_own_number()
    {
        var seen = new List<string>();
        var group = new LoaderGroup<(Tensor X, Tensor Y)> { ToyData.Batches(8, 4), ToyData.Batches(4, 4) };

        new Trainer(Quiet.Options with { Callbacks = [new LambdaCallback(onPredictBatchStart: c => seen.Add($"{c.DataLoaderIndex}.{c.BatchIndex}"))] }).Predict(new TinyModel(), group);

        Assert.Equal(["0.0", "0.1", "1.0"], seen);
    }

    private sealed class AsksForMode : TinyModel
    {
        public (bool Training, bool Grad, bool Inference) Seen { get; private set; }

        public override Tensor PredictStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Seen = (training, is_grad_enabled(), is_inference_mode_enabled());
            return call(batch.X);
        }
    }

    private sealed class Fails : TinyModel
    {
        public override Tensor PredictStep((Tensor X, Tensor Y) batch, int batchIndex) => throw new InvalidTimeZoneException("thrown by the test");
    }
}
