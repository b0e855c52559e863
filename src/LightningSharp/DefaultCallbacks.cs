namespace LightningSharp;

/// <summary>The user's callbacks and those that the Trainer adds.</summary>
internal static class DefaultCallbacks
{
    public static IReadOnlyList<Callback> Complete(TrainerOptions options)
    {
        var callbacks = options.Callbacks.ToList();
        return callbacks;
    }
}
