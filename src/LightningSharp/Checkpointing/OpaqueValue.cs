namespace LightningSharp.Checkpointing;

/// <summary>
/// Stands for an object of a class that this library does not know (a user's Python class among the hyper-parameters).
/// Nothing was constructed: this is the name in the file and the plain data that came with it.
/// </summary>
/// <param name="TypeName">The Python name, for example <c>omegaconf.dictconfig.DictConfig</c>.</param>
/// <param name="Arguments">What the constructor would have been called with.</param>
/// <param name="State">The attributes that would have been set; null when there are none.</param>
public sealed record OpaqueValue(string TypeName, IReadOnlyList<object?> Arguments, object? State)
{
    /// <summary>The Python name in angle brackets.</summary>
    public override string ToString() => $"<{TypeName}>";
}
