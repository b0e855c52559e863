using System.Globalization;

namespace LightningSharp.Tuning;

/// <summary>Settings of a batch-size search.</summary>
public sealed record BatchSizeScaleOptions
{
    /// <summary>How the search goes on.</summary>
    /// <value>Default: <see cref="BatchSizeMode.Power"/>.</value>
    public BatchSizeMode Mode { get; init; } = BatchSizeMode.Power;

    /// <summary>Steps that a size must survive.</summary>
    /// <value>Default: 3.</value>
    public int StepsPerTrial { get; init; } = 3;

    /// <summary>The first size.</summary>
    /// <value>Default: 2.</value>
    public int InitVal { get; init; } = 2;

    /// <summary>How many sizes to try at most.</summary>
    /// <value>Default: 25.</value>
    public int MaxTrials { get; init; } = 25;

    /// <summary>The largest size; it is tried before it is returned.</summary>
    /// <value>Default: 8192.</value>
    public int MaxVal { get; init; } = 8192;

    /// <summary>With <see cref="BatchSizeMode.BinSearch"/>: the part of the result that is kept free as a reserve.</summary>
    /// <value>Default: 0.05.</value>
    public double Margin { get; init; } = 0.05;

    /// <summary>The property of the module or data module, from which its loaders take their size.</summary>
    /// <value>Default: <c>BatchSize</c>.</value>
    public string BatchArgName { get; init; } = "BatchSize";

    /// <exception cref="MisconfigurationException">Lists every problem.</exception>
    internal void Require()
    {
        var problems = new List<string>();
        if (StepsPerTrial < 1) problems.Add($"StepsPerTrial = {StepsPerTrial}: expected 1 or more");
        if (InitVal < 1) problems.Add($"InitVal = {InitVal}: expected 1 or more");
        if (MaxTrials < 1) problems.Add($"MaxTrials = {MaxTrials}: expected 1 or more");
        if (MaxVal < InitVal) problems.Add($"MaxVal = {MaxVal}: expected at least InitVal = {InitVal}");
        if (Margin is not (>= 0 and < 1)) problems.Add($"Margin = {Margin.ToString(CultureInfo.InvariantCulture)}: expected 0 to below 1");
        if (string.IsNullOrWhiteSpace(BatchArgName)) problems.Add("BatchArgName is empty: expected the name of a property, for example BatchSize");
        if (problems.Count > 0) throw new MisconfigurationException($"The batch-size search cannot work:\n  - {string.Join("\n  - ", problems)}");
    }
}
