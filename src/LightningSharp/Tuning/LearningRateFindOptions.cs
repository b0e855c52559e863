using System.Globalization;

namespace LightningSharp.Tuning;

/// <summary>Settings of a learning-rate search.</summary>
public sealed record LearningRateFindOptions
{
    /// <summary>The first learning rate.</summary>
    /// <value>Default: 1e-8.</value>
    public double MinLearningRate { get; init; } = 1e-8;

    /// <summary>The last learning rate.</summary>
    /// <value>Default: 1.</value>
    public double MaxLearningRate { get; init; } = 1;

    /// <summary>Optimizer steps of the search.</summary>
    /// <value>Default: 100.</value>
    public int NumTraining { get; init; } = 100;

    /// <summary>How the learning rate grows.</summary>
    /// <value>Default: <see cref="LearningRateRamp.Exponential"/>.</value>
    public LearningRateRamp Mode { get; init; } = LearningRateRamp.Exponential;

    /// <summary>Stop when the smoothed loss is more than so many times the smallest one; null never.</summary>
    /// <value>Default: 4.</value>
    public double? EarlyStopThreshold { get; init; } = 4;

    /// <summary>How the suggestion is picked.</summary>
    /// <value>Default: <see cref="SuggestionRule.Steepest"/>.</value>
    public SuggestionRule Rule { get; init; } = SuggestionRule.Steepest;

    /// <summary>Write the suggestion into a property of the module (or, in a callback, also into the optimizer).</summary>
    /// <value>Default: true.</value>
    public bool UpdateAttribute { get; init; } = true;

    /// <summary>The property.</summary>
    /// <value>Default (null): <c>LearningRate</c> or <c>Lr</c>.</value>
    public string? AttributeName { get; init; }

    /// <summary>Takes the suggestion instead of a property.</summary>
    public Action<double>? Apply { get; init; }

    /// <exception cref="MisconfigurationException">Lists every problem.</exception>
    internal void Require()
    {
        var problems = new List<string>();
        if (MinLearningRate is not (> 0 and < double.PositiveInfinity)) problems.Add($"MinLearningRate = {Text(MinLearningRate)}: expected above 0");
        if (!(MaxLearningRate > MinLearningRate)) problems.Add($"MaxLearningRate = {Text(MaxLearningRate)}: expected above MinLearningRate = {Text(MinLearningRate)}");
        if (NumTraining < 2) problems.Add($"NumTraining = {NumTraining}: expected at least 2 steps, usually 100");
        if (EarlyStopThreshold is { } threshold && !(threshold > 1)) problems.Add($"EarlyStopThreshold = {Text(threshold)}: expected above 1, or null to go on to the end");
        if (problems.Count > 0) throw new MisconfigurationException($"The learning-rate search cannot work:\n  - {string.Join("\n  - ", problems)}");
    }

    /// <summary>The learning rate of a step: the first one, then the ramp as Lightning counts it.</summary>
    internal double At(int step)
    {
        if (step == 0) return MinLearningRate;
        var share = (step + 1.0) / NumTraining;
        return Mode == LearningRateRamp.Linear ? MinLearningRate + (share * (MaxLearningRate - MinLearningRate)) : MinLearningRate * Math.Pow(MaxLearningRate / MinLearningRate, share);
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
