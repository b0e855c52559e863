namespace LightningSharp;

/// <summary>Unwinds the loops to the place where a cancelled run ends in order; never leaves the library.</summary>
internal sealed class RunCanceledException : OperationCanceledException
{
    public RunCanceledException()
        : base("The run was cancelled.")
    {
    }
}
