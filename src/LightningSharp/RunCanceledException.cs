namespace LightningSharp;

/// <summary>Unwinds the loops to the place where an interrupted run ends in order. Leaves the library only from <c>Validate</c>, <c>Test</c> and <c>Predict</c>, whose result would be a half one.</summary>
internal sealed class RunCanceledException(StopReason reason = StopReason.Canceled, string message = "The run was cancelled.", int exitCode = ExitCodes.Interrupted)
    : OperationCanceledException(message)
{
    public StopReason Reason => reason;

    public int ExitCode => exitCode;
}
