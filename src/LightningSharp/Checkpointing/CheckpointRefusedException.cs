namespace LightningSharp.Checkpointing;

/// <summary>A file was not loaded because its content is damaged, unsafe, over a limit, or too new. Nothing was changed by the attempt.</summary>
public sealed class CheckpointRefusedException : CheckpointException
{
    /// <summary>Creates the exception.</summary>
    public CheckpointRefusedException()
    {
    }

    /// <summary>Creates the exception for damaged content.</summary>
    public CheckpointRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception for damaged content, with its cause.</summary>
    public CheckpointRefusedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal CheckpointRefusedException(Refusal reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why the file was refused.</summary>
    public Refusal Reason { get; }

    internal static CheckpointRefusedException Corrupt(string message) => new(Refusal.Corrupt, message);

    internal static CheckpointRefusedException Unsafe(string message) => new(Refusal.Unsafe, message);

    internal static CheckpointRefusedException Limit(string message) => new(Refusal.Limit, message);

    internal static CheckpointRefusedException Version(string message) => new(Refusal.Version, message);

    internal CheckpointRefusedException In(string source) => new(Reason, $"'{source}' was refused ({Word(Reason)}): {Message}", this);

    private static string Word(Refusal reason) => reason switch
    {
        Refusal.Corrupt => "damaged",
        Refusal.Unsafe => "not plain data",
        Refusal.Limit => "over a limit",
        _ => "not supported",
    };
}
