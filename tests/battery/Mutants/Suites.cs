namespace LightningSharp.Mutants;

/// <summary>Which tests must notice a change of which folder: fast ones first, none that start processes.</summary>
internal static class Suites
{
    public static IReadOnlyDictionary<string, string[][]> Of { get; } = new Dictionary<string, string[][]>
    {
        ["Loops"] = [Classes("TrainerTests", "TrainerEvaluationTests", "HookOrderTests", "BadInputTests", "InterruptionTests", "LeakTests", "TrainerLoggingTests", "BadLoaderTests"), Classes("ResumeTests", "ExactResumeTests", "TrapTests")],
        ["Optimization"] = [["--filter-namespace", "LightningSharp.Tests.Optimization*"], Classes("TrainerTests", "BadModuleTests", "TrapTests", "ResumeTests")],
        ["Logging"] = [["--filter-namespace", "LightningSharp.Tests.Logging*"], Classes("TrainerTests", "TrainerEvaluationTests", "ResumeTests", "BadModuleTests")],
        ["Checkpointing"] = [Classes("CheckpointFileTests", "DurableFileTests", "PickleTests", "SafeTensorsFileTests", "StateDictLoaderTests", "BackgroundCheckpointWriterTests", "CheckpointInspectionTests", "RealFileTests", "Crc32Tests"), Classes("HostileFileTests", "FuzzTests", "ResumeTests", "ExactResumeTests", "BadCheckpointTests", "DiskFaultTests")],
    };

    private static string[] Classes(params string[] names) => [.. names.SelectMany(name => (string[])["--filter-class", "*." + name])];
}
