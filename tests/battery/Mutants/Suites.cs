namespace LightningSharp.Mutants;

/// <summary>Which tests must notice a change of which folder: fast ones first, none that start processes.</summary>
internal static class Suites
{
    public static IReadOnlyDictionary<string, string[][]> Of { get; } = new Dictionary<string, string[][]>
    {
        ["Loops"] =
        [
            Namespace("Loops"),
            Classes("TrainerTests", "TrainerEvaluationTests", "TrainerDurationTests", "EstimatedStepsTests", "HookOrderTests", "BadInputTests", "InterruptionTests", "LeakTests", "TrainerLoggingTests", "BadLoaderTests", "GradientAccumulationSchedulerTests", "SmallRowTests"),
            Classes("ResumeTests", "ExactResumeTests", "TrapTests"),
        ],
        ["Optimization"] = [Namespace("Optimization"), Classes("TrainerTests", "BadModuleTests", "TrapTests", "ResumeTests", "ResumedPlanTests")],
        ["Logging"] = [Namespace("Logging"), Classes("TrainerTests", "TrainerEvaluationTests", "ResumeTests", "BadModuleTests", "ExactResumeTests", "SmallRowTests", "ErrorRowTests")],
        ["Checkpointing"] =
        [
            Classes("CheckpointFileTests", "CheckpointNameTests", "CheckpointRankingTests", "DurableFileTests", "FileSnifferTests", "PickleTests", "PickleWriterTests", "SafeTensorsFileTests", "StateDictLoaderTests", "BackgroundCheckpointWriterTests", "CheckpointInspectionTests", "RealFileTests", "Crc32Tests", "ZipDirectoryTests", "ByteSourceTests", "PlainTreeTests", "QuotedTests", "RunStateFormatTests"),
            Classes("HostileFileTests", "FuzzTests", "ResumeTests", "ExactResumeTests", "BadCheckpointTests", "DiskFaultTests", "ModelCheckpointTests", "LightningModuleLoadTests", "LightningFileTests", "FormatTests"),
        ],
    };

    /// <summary>The tests that are there for each seeded bug.</summary>
    public static IReadOnlyDictionary<string, string[][]> OfBugs { get; } = new Dictionary<string, string[][]>
    {
        ["01"] = [Classes("DurableFileTests")],
        ["02"] = [Classes("CheckpointFileTests", "FuzzTests")],
        ["03"] = [Classes("ResumeTests")],
        ["04"] = [["--filter-method", "*KillAndResumeTests.A_stop_signal_saves_the_last_step*"], Classes("ExactResumeTests")],
        ["05"] = [Classes("DiskFaultTests")],
        ["06"] = [Classes("InterruptionTests")],
        ["07"] = [["--filter-method", "*SoakTests.Threads_that_allocate*"]],
        ["08"] = [Classes("DataLoaderErrorTests")],
        ["09"] = [Classes("StateDictLoaderTests")],
        ["10"] = [Classes("InterruptionTests")],
    };

    private static string[] Namespace(string name) => ["--filter-namespace", $"LightningSharp.Tests.{name}*"];

    private static string[] Classes(params string[] names) => [.. names.SelectMany(name => (string[])["--filter-class", "*." + name])];
}
