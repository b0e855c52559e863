namespace LightningSharp;

/// <summary>A checkpoint could not be written, or is damaged, refused, or does not fit the model.</summary>
public class CheckpointException : LightningException
{
    /// <summary>Creates the exception.</summary>
    public CheckpointException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public CheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
