using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

public class OptimizerToggleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Inside_only_the_optimizers_own_parameters_require_gradients_frozen_ones_stay_frozen_and_all_come_back(bool throws)
    {
        var model = new Pair(throws);

        var error = Record.Exception(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4)));

        Assert.Equal(throws, error is InvalidTimeZoneException);
        Assert.Equal([true, false, false, false], model.Inside); // first.weight, first.bias (frozen), second.weight, second.bias
        Assert.Equal([true, false, true, true], model.Flags());
    }

    private sealed class Pair : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly bool _throws;
        private readonly TorchSharp.Modules.Linear first = nn.Linear(4, 2), second = nn.Linear(4, 2);

        public Pair(bool throws)
        {
            (_throws, AutomaticOptimization) = (throws, false);
            first.bias!.requires_grad = false;
        }

        public bool[] Inside { get; private set; } = [];

        public bool[] Flags() => [first.weight!.requires_grad, first.bias!.requires_grad, second.weight!.requires_grad, second.bias!.requires_grad];

        public override Tensor forward(Tensor x) => first.call(x) + second.call(x);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            using (ToggledOptimizer(Trainer.Optimizers[0]))
            {
                Inside = Flags();
                if (_throws) throw new InvalidTimeZoneException("boom");
            }

            return null;
        }

        public override OptimizerSetup ConfigureOptimizers()
            => new optim.Optimizer[] { optim.SGD([first.weight!, first.bias!], 0.1), optim.SGD(second.parameters(), 0.1) };
    }
}
