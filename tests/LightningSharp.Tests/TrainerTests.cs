using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

public class TrainerTests
{
    [Fact]
    public void Fit_with_training_data_only_lowers_the_loss()
    {
        var model = new TinyModel();

        var result = new Trainer(Quiet.Options with { MaxEpochs = 5 }).Fit(model, ToyData.Batches(16, 4));

        Assert.Equal(20, model.Losses.Count);
        Assert.True(model.Losses[^4..].Average() < model.Losses[..4].Average());
        Assert.Equal(StopReason.MaxEpochs, result.StopReason);
        Assert.Equal(20, result.Progress.GlobalStep);
    }

    [Fact]
    public void Validation_runs_after_each_epoch_in_eval_mode_and_without_gradients()
    {
        var model = new RecordsMode();

        new Trainer(Quiet.Options with { MaxEpochs = 2, NumSanityValSteps = 0 }).Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4, 100));

        Assert.Equal([(false, false), (false, false)], model.Seen);
        Assert.True(model.training);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void An_epoch_mean_is_weighted_by_batch_size()
    {
        var model = new LogsBatchSize();

        var result = new Trainer(Quiet.Options).Fit(model, ToyData.Batches(10, 4));

        Assert.Equal(((4.0 * 4) + (4 * 4) + (2 * 2)) / 10, result.Metrics["size"], 6);
    }

    [Fact]
    public void A_second_Fit_goes_on_and_needs_a_raised_limit()
    {
        var model = new TinyModel();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 1 });
        trainer.Fit(model, ToyData.Batches(8, 4));

        var spent = trainer.Fit(model, ToyData.Batches(8, 4));
        trainer.MaxEpochs = 3;
        var more = trainer.Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(2, spent.Progress.GlobalStep);
        Assert.Equal(6, more.Progress.GlobalStep);
        Assert.Equal(3, more.Progress.Epoch);
    }

    [Fact]
    public void Cancellation_ends_after_the_current_batch_and_returns_normally()
    {
        using var cancel = new CancellationTokenSource();
        var model = new TinyModel();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 100, Callbacks = [new CancelAt(3, cancel)] });

        var result = trainer.Fit(model, ToyData.Batches(16, 4), cancellation: cancel.Token);

        Assert.Equal(StopReason.Canceled, result.StopReason);
        Assert.Equal(3, result.Progress.GlobalStep);
    }

    [Fact]
    public async Task FitAsync_runs_the_same_loop_on_a_thread_of_its_own()
    {
        var model = new TinyModel();

        var result = await new Trainer(Quiet.Options).FitAsync(model, ToyData.Batches(16, 4), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(4, result.Progress.GlobalStep);
    }

    [Fact]
    public void An_exception_of_user_code_arrives_unchanged_and_the_Trainer_can_be_used_again()
    {
        var callback = new RemembersException();
        var trainer = new Trainer(Quiet.Options with { Callbacks = [callback] });
        var boom = new InvalidTimeZoneException("boom");

        var thrown = Assert.Throws<InvalidTimeZoneException>(() => trainer.Fit(new Throws(boom), ToyData.Batches(8, 4)));
        var result = trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Same(boom, thrown);
        Assert.Same(boom, callback.Exception);
        Assert.Equal(2, result.Progress.GlobalStep);
    }

    [Fact]
    public void An_error_of_libtorch_names_hook_epoch_and_batch()
    {
        var model = new WrongShape();

        var error = Assert.Throws<StepException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4)));

        Assert.Contains("WrongShape.TrainingStep", error.Message, StringComparison.Ordinal);
        Assert.Contains("epoch 0, batch 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_the_options_are_reported_at_once()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(new() { MaxEpochs = -2, AccumulateGradBatches = 0, LimitTrainBatches = 1.5 }));

        Assert.Contains("MaxEpochs = -2", error.Message, StringComparison.Ordinal);
        Assert.Contains("AccumulateGradBatches = 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("LimitTrainBatches = 1.5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_device_is_an_error_that_lists_what_exists()
    {
        if (cuda.is_available()) Assert.Skip("this machine has CUDA");

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(new() { Accelerator = Accelerator.Cuda, MaxEpochs = 1 }));

        Assert.Contains("Available: cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_TPU_is_plainly_not_supported()
        => Assert.Contains("not supported", Assert.Throws<MisconfigurationException>(() => new Trainer(new() { Accelerator = Accelerator.Tpu, MaxEpochs = 1 })).Message, StringComparison.Ordinal);

    private sealed class RecordsMode : TinyModel
    {
        public List<(bool Training, bool Grad)> Seen { get; } = [];

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Seen.Add((training, is_grad_enabled()));
    }

    private sealed class LogsBatchSize : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Log("size", batch.X.size(0), onStep: false, onEpoch: true);
            return Loss(batch);
        }
    }

    private sealed class Throws(Exception exception) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => throw exception;
    }

    private sealed class WrongShape : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
            => batchIndex == 1 ? Loss((batch.X.narrow(1, 0, 3), batch.Y)) : base.TrainingStep(batch, batchIndex);
    }

    private sealed class RemembersException : Callback
    {
        public Exception? Exception { get; private set; }

        public override void OnException(ExceptionContext context) => Exception = context.Exception;
    }

    private sealed class CancelAt(int step, CancellationTokenSource source) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.GlobalStep == step) source.Cancel();
        }
    }
}
