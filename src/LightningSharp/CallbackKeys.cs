namespace LightningSharp;

/// <summary>Two callbacks with state must be told apart in a checkpoint.</summary>
internal static class CallbackKeys
{
    private static readonly string[] Dropped = [", 'save_on_train_epoch_end': None", ", 'save_on_train_epoch_end': True", ", 'save_on_train_epoch_end': False"];

    /// <summary>The key as Lightning writes it since 1.9: before, the one of ModelCheckpoint said more.</summary>
    public static string Modern(string key)
        => key.StartsWith("ModelCheckpoint", StringComparison.Ordinal) ? Dropped.Aggregate(key, (text, part) => text.Replace(part, string.Empty, StringComparison.Ordinal)) : key;

    /// <summary>Whether a state under this key is the callback's. Before 1.5 the class itself was the key.</summary>
    public static bool Fits(string key, Callback callback)
        => Modern(key) == callback.StateKey || (key.Contains(".callbacks.", StringComparison.Ordinal) && key.EndsWith($".{callback.GetType().Name}", StringComparison.Ordinal));

    public static void Require(IReadOnlyList<Callback> callbacks)
    {
        var twice = callbacks.Where(callback => callback is IStateful).GroupBy(callback => callback.StateKey).FirstOrDefault(group => group.Count() > 1);
        if (twice is null) return;
        throw new MisconfigurationException(
            $"{twice.Count()} callbacks of type {twice.First().GetType().Name} have the same {nameof(Callback.StateKey)} '{twice.Key}': their state could not be told apart in a checkpoint. "
            + $"Give them different settings, or override {nameof(Callback.StateKey)}.");
    }
}
