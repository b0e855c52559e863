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
        1 => 2 * (target.xlogy(target / preds) + preds - target),
        2 => 2 * ((preds / target).log() + (target / preds) - 1),
        _ => 2 * ((target.clamp_min(Power < 0 ? 0 : double.NegativeInfinity).pow(2 - Power) / ((1 - Power) * (2 - Power)))
            - (target * preds.pow(1 - Power) / (1 - Power)) + (preds.pow(2 - Power) / (2 - Power))),
    };

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
