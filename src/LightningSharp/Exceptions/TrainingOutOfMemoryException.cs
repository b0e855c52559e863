namespace LightningSharp;

/// <summary>
/// An allocation was refused during a run: the message says where, how much was asked for, the shapes of the batch, the memory in use, and what helps.
/// The process lives, and the Trainer can run again, for example with a smaller batch.
/// </summary>
public class TrainingOutOfMemoryException : StepException
{
    /// <summary>Creates the exception.</summary>
    public TrainingOutOfMemoryException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public TrainingOutOfMemoryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public TrainingOutOfMemoryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
