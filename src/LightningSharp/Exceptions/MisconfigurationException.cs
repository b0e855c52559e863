namespace LightningSharp;

/// <summary>A set-up that cannot work: options that contradict each other, a step that is missing, a hook that returned something impossible.</summary>
public class MisconfigurationException : LightningException
{
    /// <summary>Creates the exception.</summary>
    public MisconfigurationException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public MisconfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public MisconfigurationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
