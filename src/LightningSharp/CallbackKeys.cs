namespace LightningSharp;

/// <summary>Two callbacks with state must be told apart in a checkpoint.</summary>
internal static class CallbackKeys
{
    public static void Require(IReadOnlyList<Callback> callbacks)
    {
        var twice = callbacks.Where(callback => callback is IStateful).GroupBy(callback => callback.StateKey).FirstOrDefault(group => group.Count() > 1);
        if (twice is null) return;
        throw new MisconfigurationException(
            $"{twice.Count()} callbacks of type {twice.First().GetType().Name} have the same {nameof(Callback.StateKey)} '{twice.Key}': their state could not be told apart in a checkpoint. "
            + $"Give them different settings, or override {nameof(Callback.StateKey)}.");
    }
}
