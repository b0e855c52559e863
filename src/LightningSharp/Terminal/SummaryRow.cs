namespace LightningSharp.Terminal;

/// <summary>One layer of a <see cref="SummaryTable"/>.</summary>
public sealed record SummaryRow
{
    /// <summary>Its number, from 0; null for parameters that the module holds itself.</summary>
    public int? Index { get; init; }

    /// <summary>The layer's name as in the state dictionary, for example <c>encoder.0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The layer's class.</summary>
    public required string Type { get; init; }

    /// <summary>Numbers in its parameters, those of inner layers included.</summary>
    public long Parameters { get; init; }

    /// <summary>How many of them training changes.</summary>
    public long TrainableParameters { get; init; }

    /// <summary>True in train mode, false in eval mode; null where that has no meaning.</summary>
    public bool? IsTraining { get; init; }

    /// <summary>Shape of its output for the first batch; null when it was not seen or is not one tensor.</summary>
    public IReadOnlyList<long>? Output { get; init; }

    /// <summary>Floating-point operations of the forward pass for the first batch: two for each multiply-add of convolutions and linear layers. Null when not seen or none.</summary>
    public long? Flops { get; init; }
}
