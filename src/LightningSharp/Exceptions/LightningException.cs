namespace LightningSharp;

/// <summary>Base of every exception that LightningSharp throws for a reason of its own; exceptions of user code pass through unchanged.</summary>
public class LightningException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LightningException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public LightningException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public LightningException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
