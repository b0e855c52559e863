using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Callbacks;

public class StochasticWeightAveragingTests
{
    [Fact]
    public void Losses_and_statistics_are_those_of_the_recorded_run()
    {
        var model = new NormModel();
        var swa = StochasticWeightAveraging.StartingAt(1, [0.05], annealingEpochs: 1);
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 3, Callbacks = [swa] });

        var result = trainer.Fit(model, ToyData.Batches(4, 2));

        double[] losses = [0.9318742752075195, 1.202239751815796, 0.5854928493499756, 0.7609587907791138, 0.7580395340919495, 0.6313439011573792, 0.6516020894050598, 0.895856499671936];
        Assert.Equal(losses.Length, model.Losses.Count);
        // Over two rows the gradient of batch normalisation is the small difference of large numbers: rounding in the seventh digit grows to the fourth in a few steps.
        const double tolerance = 2e-3;
        for (var i = 0; i < losses.Length; i++) Assert.Equal(losses[i], model.Losses[i], i < 4 ? 1e-5 : tolerance);
        Assert.Equal(-0.1480157971382141, model.Norm.running_mean![0].ToDouble(), tolerance);
        Assert.Equal(0.1557028442621231, model.Norm.running_var![0].ToDouble(), tolerance);
        // (The recorded weights differ: Lightning steps the optimizer once more in the extra epoch, with the gradient of the last real batch.)
        Assert.Equal(4, result.Progress.Epoch);
        Assert.Equal(3, trainer.MaxEpochs);
    }

    [Fact]
    public void Without_batch_normalisation_the_mean_of_the_epoch_starts_becomes_the_model()
    {
        var model = new TinyModel();
        var starts = new List<double>();
        var swa = StochasticWeightAveraging.StartingAt(2, [0.05]);

        new Trainer(Quiet.Options with { MaxEpochs = 3, Callbacks = [swa, new LambdaCallback(onTrainEpochStart: _ => starts.Add(model.Layer.weight![0, 0].ToDouble()))] })
            .Fit(model, ToyData.Batches(4, 2));

        Assert.Equal(2, swa.Averaged);
        Assert.Equal((starts[1] + starts[2]) / 2, model.Layer.weight![0, 0].ToDouble(), 1e-6); // single precision
    }

    [Fact]
    public void What_cannot_work_is_said_at_once()
    {
        var options = Quiet.Options with { MaxEpochs = -1, MaxSteps = 2, Callbacks = [new StochasticWeightAveraging(0.05)] };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options).Fit(new TinyModel(), ToyData.Batches(4, 2)));

        Assert.Contains("MaxEpochs is needed", error.Message, StringComparison.Ordinal);
        Assert.Contains("startFraction = 1.5", Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticWeightAveraging(0.05, 1.5)).Message, StringComparison.Ordinal);
        Assert.Contains("-1", Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticWeightAveraging(-1)).Message, StringComparison.Ordinal);
        Assert.Contains("start epoch 0", Assert.Throws<ArgumentOutOfRangeException>(() => StochasticWeightAveraging.StartingAt(0, [0.1])).Message, StringComparison.Ordinal);
    }

    private sealed class NormModel : TinyModel
    {
        private readonly TorchSharp.Modules.BatchNorm1d bn = BatchNorm1d(2);

        public TorchSharp.Modules.BatchNorm1d Norm => bn;

        public override Tensor forward(Tensor x) => bn.call(Layer.call(x));
    }
}
