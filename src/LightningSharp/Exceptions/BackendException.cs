namespace LightningSharp;

/// <summary>libtorch could not be loaded, or the requested device does not exist.</summary>
public class BackendException : LightningException
{
    /// <summary>Creates the exception.</summary>
    public BackendException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public BackendException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public BackendException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
