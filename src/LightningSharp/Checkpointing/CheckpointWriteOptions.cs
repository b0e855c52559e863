namespace LightningSharp.Checkpointing;

/// <summary>How a checkpoint is written.</summary>
public sealed record CheckpointWriteOptions
{
    internal static readonly CheckpointWriteOptions Default = new();

    /// <summary>
    /// Wait until the file and its name are on the disk, so that a power cut after the call cannot take the file, nor the one it replaced.
    /// False still gives whole files when the process is killed.
    /// </summary>
    /// <value>Default true.</value>
    public bool FlushToDisk { get; init; } = true;
}
