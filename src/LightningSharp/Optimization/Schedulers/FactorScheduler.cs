using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>A schedule that multiplies the base learning rate by a factor of the step: the "chainable" schedules of PyTorch.</summary>
public abstract class FactorScheduler : LearningRateScheduler
{
    /// <summary>Attaches the schedule.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    protected FactorScheduler(torch.optim.Optimizer optimizer)
        : base(optimizer)
    {
    }

    private protected override bool FollowsNewGroups => true;

    /// <summary>The learning rate at a step, divided by the base learning rate.</summary>
    /// <param name="step">The step, 0 or greater.</param>
    protected abstract double Factor(long step);

    /// <inheritdoc/>
    protected sealed override double LearningRateAt(int group, double current)
    {
        var before = LastEpoch == 0 ? 1 : Factor(LastEpoch - 1);
        var now = Factor(LastEpoch);
        var expected = BaseLearningRates[group] * before;
        if (IsNear(current, expected))
        {
            return BaseLearningRates[group] * now;
        }

        // Somebody else changed the learning rate: go on from there, as PyTorch's recursive formulas do.
        return before != 0 ? current * (now / before) : now == 0 ? current : BaseLearningRates[group] * now;
    }

    private protected sealed override double LearningRateAtHandover(int group, double current) => BaseLearningRates[group] * Factor(0);

    // A state that Python computed recursively differs in the last digits; anything beyond is somebody's intent.
    internal static bool IsNear(double current, double expected) => Math.Abs(current - expected) <= 1e-9 * Math.Abs(expected);
}
