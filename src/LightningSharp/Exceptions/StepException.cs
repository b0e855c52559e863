namespace LightningSharp;

/// <summary>libtorch refused an operation inside user code; the message names the hook, the epoch and the batch, and the cause is the inner exception.</summary>
public class StepException : LightningException
{
    /// <summary>Creates the exception.</summary>
    public StepException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public StepException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public StepException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
