using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean deviance of a Tweedie distribution: squared error (power 0), Poisson (1), gamma (2) and between.</summary>
/// <remarks>B. Jørgensen, 1987. Predictions must be positive for powers above 0, targets positive for powers from 2, at least 0 from 1.</remarks>
/// <param name="power">The power of the variance function; not between 0 and 1.</param>
public sealed class TweedieDevianceScore(double power = 0)
    : ErrorMetric(1)
{
    /// <summary>The power of the variance function.</summary>
    public double Power { get; } = power is <= 0 or >= 1 ? power : throw new ArgumentOutOfRangeException(nameof(power), power, $"TweedieDevianceScore is not defined for powers between 0 and 1. Received: {power}.");

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target) => Power switch
    {
        0 => target.Minus(preds).square(),
        1 => target.xlogy(target.div(preds)).Plus(preds).Minus(target).mul(Numbers.Two),
        2 => preds.div(target).log().Plus(target.div(preds)).Plus(-1).mul(Numbers.Two),
        _ => Between(preds, target).mul(Numbers.Two),
    };

    private Tensor Between(Tensor preds, Tensor target)
    {
        var (first, second) = (1 - Power, 2 - Power);
        var truth = (Power < 0 ? target.clamp_min(Numbers.Zero) : target).Power(second).Over(first * second);
        return truth.Minus(target.mul(preds.Power(first)).Over(first)).Plus(preds.Power(second).Over(second));
    }

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        if (ChecksValues(preds)) CheckDomain(preds, target);
        base.UpdateStates(preds, target);
    }

    private void CheckDomain(Tensor preds, Tensor target)
    {
        if (Power != 0) InputCheck.InRangeValues(GetName(), preds, "preds", double.Epsilon, double.PositiveInfinity);
        if (Power >= 2) InputCheck.InRangeValues(GetName(), target, "target", double.Epsilon, double.PositiveInfinity);
        else if (Power >= 1) InputCheck.InRangeValues(GetName(), target, "target", 0, double.PositiveInfinity);
    }
}
