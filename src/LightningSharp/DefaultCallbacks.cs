using LightningSharp.Console;

namespace LightningSharp;

/// <summary>The user's callbacks and those that the Trainer adds.</summary>
internal static class DefaultCallbacks
{
    public static IReadOnlyList<Callback> Complete(TrainerOptions options)
    {
        var callbacks = options.Callbacks.ToList();
        callbacks.AddRange(ConsoleChoices.Defaults(options));
        return callbacks;
    }
}
