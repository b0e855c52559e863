namespace LightningSharp.Checkpointing;

/// <summary>How weights are matched to a module.</summary>
public sealed record StateDictLoadOptions
{
    internal static readonly StateDictLoadOptions Default = new();

    /// <summary>Every key must be on both sides. False lets missing and unexpected keys pass; the result lists them.</summary>
    /// <value>Default true.</value>
    public bool Strict { get; init; } = true;

    /// <summary>Leave out tensors whose shape or type does not fit, instead of failing; the result lists them. Works only when not <see cref="Strict"/>.</summary>
    /// <value>Default false.</value>
    public bool SkipMismatched { get; init; }

    /// <summary>Take tensors of another element type and convert them (float64 weights into a float32 module). Precision may be lost.</summary>
    /// <value>Default false: another type is a mismatch.</value>
    public bool ConvertTypes { get; init; }

    /// <summary>
    /// The module's key for a key of the file, or null to leave that tensor out. For example
    /// <c>key => key.StartsWith("model.") ? key[6..] : null</c>.
    /// </summary>
    /// <value>Default null: keys are the same on both sides.</value>
    public Func<string, string?>? MapKey { get; init; }
}
