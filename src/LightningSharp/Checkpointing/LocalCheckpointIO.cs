namespace LightningSharp.Checkpointing;

/// <summary>Checkpoints as files of this machine: durable before <see cref="Save"/> returns, or written behind the training.</summary>
/// <param name="background">Copy the tensors and write on a thread of its own; errors surface at the next save, or at the end.</param>
public sealed class LocalCheckpointIO(bool background = false) : ICheckpointIO
{
    private readonly BackgroundCheckpointWriter? _writer = background ? new BackgroundCheckpointWriter() : null;

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint, string path, Action? saved = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (_writer is not null)
        {
            _writer.Save(path, checkpoint.Entries, afterwards: saved);
            return;
        }

        CheckpointFile.Write(path, checkpoint.Entries);
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
