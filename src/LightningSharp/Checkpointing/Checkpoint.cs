namespace LightningSharp.Checkpointing;

/// <summary>
/// Everything of a run as plain data, with Lightning's keys (<c>state_dict</c>, <c>epoch</c>, <c>global_step</c>, …). Hooks may add entries of their own.
/// </summary>
public sealed class Checkpoint
{
    /// <summary>The entries; see <see cref="IStateful"/> for what a value may be.</summary>
    public Dictionary<string, object?> Entries { get; } = [];

    /// <summary>An entry by key; null when there is none.</summary>
    public object? this[string key]
    {
        get => Entries.GetValueOrDefault(key);
        set => Entries[key] = value;
    }
}
