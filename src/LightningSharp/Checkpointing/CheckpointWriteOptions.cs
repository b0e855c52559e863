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

    /// <summary>
    /// Read the new file back and check every byte of it against the checksums before it takes the place of an older one; what does not match is an error. It finds what
    /// went wrong between memory and file; bytes that the system still has in its cache are not asked from the disk again. Costs one more pass over the file.
    /// </summary>
    /// <value>Default false.</value>
    public bool Verify { get; init; }
}
