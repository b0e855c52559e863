namespace LightningSharp;

/// <summary>A data set, file or loader holds something other than what it should.</summary>
public class DataException : LightningException
{
    /// <summary>Creates the exception.</summary>
    public DataException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public DataException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
