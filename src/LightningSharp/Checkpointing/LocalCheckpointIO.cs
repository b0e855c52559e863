namespace LightningSharp.Checkpointing;

/// <summary>Checkpoints as files of this machine: durable before <see cref="Save"/> returns, or written behind the training.</summary>
/// <param name="background">Copy the tensors and write on a thread of its own; errors surface at the next save, or at the end.</param>
/// <param name="verify">Read every file back before it replaces another; see <see cref="CheckpointWriteOptions.Verify"/>.</param>
public sealed class LocalCheckpointIO(bool background = false, bool verify = false) : ICheckpointIO
{
    private readonly CheckpointWriteOptions _options = CheckpointWriteOptions.Default with { Verify = verify };
    private readonly BackgroundCheckpointWriter? _writer = background ? new BackgroundCheckpointWriter() : null;

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint, string path, Action? saved = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (_writer is not null)
        {
            _writer.Save(path, checkpoint.Entries, _options, saved);
            return;
        }

        CheckpointFile.Write(path, checkpoint.Entries, _options);
        saved?.Invoke();
    }

    /// <inheritdoc/>
    public LoadedCheckpoint Load(string path) => CheckpointFile.Read(path);

    /// <inheritdoc/>
    public void Remove(string path) => File.Delete(path);

    /// <summary>Whether a save behind the training failed and nobody has been told: <see cref="Wait"/> throws it.</summary>
    internal bool HasFailed => _writer?.HasFailed ?? false;

    /// <inheritdoc/>
    public void Wait() => _writer?.Wait();

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();
}
