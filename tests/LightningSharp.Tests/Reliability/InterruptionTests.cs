using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

public class InterruptionTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void A_cancellation_in_validation_or_the_sanity_check_ends_after_that_batch(int sanitySteps)
    {
        using var cancel = new CancellationTokenSource();
        var model = new CancelsInValidation(cancel);

        var result = new Trainer(Quiet.Options with { NumSanityValSteps = sanitySteps }).Fit(model, ToyData.Batches(8, 4), ToyData.Batches(32, 4), cancellation: cancel.Token);

        Assert.Equal(1, model.Validated);
        Assert.Equal((StopReason.Canceled, ExitCodes.Interrupted), (result.StopReason, result.ExitCode));
        Assert.True(model.training);
    }

    [Fact]
    public void A_failed_run_gives_the_model_and_the_callbacks_back()
    {
        var model = new FailsOnce();
        var callback = new Nothing();

        Assert.Throws<InvalidOperationException>(() => new Trainer(Quiet.Options with { Callbacks = [callback] }).Fit(model, ToyData.Batches(8, 4)));
        var result = new Trainer(Quiet.Options with { Callbacks = [callback] }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(2, result.Progress.GlobalStep);
    }

    private sealed class CancelsInValidation(CancellationTokenSource source) : TinyModel
    {
        public int Validated { get; private set; }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Validated++;
            source.Cancel();
        }
    }

    private sealed class FailsOnce : TinyModel
    {
        private bool _failed;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (_failed) return Loss(batch);
            _failed = true;
            throw new InvalidOperationException("once");
        }
    }

    private sealed class Nothing : Callback;
}
