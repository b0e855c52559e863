namespace LightningSharp.Tests.Support;

/// <summary>Options for tests: nothing on the console, nothing on disk.</summary>
public static class Quiet
{
    public static TrainerOptions Options { get; } = new()
    {
        Accelerator = Accelerator.Cpu,
        Console = ConsoleMode.Quiet,
        EnableProgressBar = false,
        EnableModelSummary = false,
        EnableCheckpointing = false,
        Loggers = [],
        MaxEpochs = 1,
    };
}
