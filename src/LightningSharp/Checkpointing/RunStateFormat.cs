namespace LightningSharp.Checkpointing;

/// <summary>Versions of our own entry of a checkpoint. A file of an earlier one is brought up step by step; each step knows only its neighbour.</summary>
internal static class RunStateFormat
{
    /// <summary>The version that is written. 2: loader and metric objects are saved between epochs too, and windows know their beginning.</summary>
    public const int Current = 2;

    private static readonly Func<Dictionary<string, object?>, Dictionary<string, object?>>[] Steps = [FromOne];

    /// <summary>The entry in the current version.</summary>
    /// <param name="own">As it was read; null for a file of Python's.</param>
    /// <param name="notice">Told when the file is of a version that this library does not know.</param>
    public static IReadOnlyDictionary<string, object?>? Upgrade(IReadOnlyDictionary<string, object?>? own, Action<string> notice)
    {
        if (own is null) return null;
        var version = (int)Math.Max(1, StateValue.Long(own, "format", 1));
        if (version > Current) notice($"the file was written by a newer LightningSharp (format {version}, known here up to {Current}): what is new in it is not restored");
        if (version >= Current) return own;
        var upgraded = own.ToDictionary(entry => entry.Key, entry => entry.Value);
        for (; version < Current; version++) upgraded = Steps[version - 1](upgraded);
        upgraded["format"] = (long)Current;
        return upgraded;
    }

    // The window began at the epoch's beginning, and callbacks could not move it.
    private static Dictionary<string, object?> FromOne(Dictionary<string, object?> own)
    {
        own.TryAdd("window_origin", 0L);
        own.TryAdd("accumulate_option", StateValue.Long(own, "accumulate_grad_batches", 1));
        return own;
    }
}
