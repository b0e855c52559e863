using LightningSharp.Callbacks;

namespace LightningSharp.Terminal;

/// <summary>A module's layers and its totals, as data. <see cref="ModelSummary.Of"/> makes it.</summary>
public sealed record SummaryTable
{
    /// <summary>The layers, outer before inner.</summary>
    public required IReadOnlyList<SummaryRow> Rows { get; init; }

    /// <summary>Numbers in all parameters; one that several layers share counts once.</summary>
    public long TotalParameters { get; init; }

    /// <summary>How many of them training changes.</summary>
    public long TrainableParameters { get; init; }

    /// <summary>The others.</summary>
    public long FrozenParameters => TotalParameters - TrainableParameters;

    /// <summary>Bytes that the parameters take, in their own number format.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>Layers at every depth that are in train mode, the module itself not counted.</summary>
    public int ModulesInTrainMode { get; init; }

    /// <summary>Layers at every depth that are in eval mode.</summary>
    public int ModulesInEvalMode { get; init; }

    /// <summary>Floating-point operations of the first batch's forward pass in convolutions and linear layers; null when no batch was seen.</summary>
    public long? TotalFlops { get; init; }
}
