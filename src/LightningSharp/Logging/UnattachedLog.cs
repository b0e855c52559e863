using LightningSharp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LightningSharp.Logging;

/// <summary>Says that <c>Log</c> has no effect in a module that no Trainer has taken: once per type of module in a process, as there is no Trainer that could remember it.</summary>
internal static class UnattachedLog
{
    private static readonly HashSet<Type> Said = [];

    /// <summary>Where it is said. Tests replace it.</summary>
    public static ILogger Output { get; set; } = new ConsoleLog();

    public static void Warn(Type module)
    {
        lock (Said)
        {
            if (!Said.Add(module)) return;
        }

        new Messages(Output, new HashSet<MessageId>()).Warn(
            MessageId.LogIgnored, $"Log has no effect: no Trainer has taken {module.Name} yet (said once). Call Fit or another entry point of a Trainer with it; steps may be called without one.");
    }
}
