using LightningSharp.Callbacks;
using LightningSharp.Terminal;

namespace LightningSharp;

/// <summary>The user's callbacks and those that the Trainer adds.</summary>
internal static class DefaultCallbacks
{
    public static IReadOnlyList<Callback> Complete(TrainerOptions options)
    {
        var callbacks = options.Callbacks.ToList();
        if (options.EnableCheckpointing && !options.FastDevRun.IsOn && !callbacks.OfType<ModelCheckpoint>().Any()) callbacks.Add(new ModelCheckpoint());
        callbacks.AddRange(ConsoleChoices.Defaults(options));
        return callbacks;
    }
}
