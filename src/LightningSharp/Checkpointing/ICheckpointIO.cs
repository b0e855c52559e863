namespace LightningSharp.Checkpointing;

/// <summary>Where checkpoints go and come from; replace it to keep them somewhere else than in local files.</summary>
public interface ICheckpointIO : IDisposable
{
    /// <summary>Writes a checkpoint. When it returns without an exception, the file is whole and durable, or will be before <see cref="Wait"/> returns.</summary>
    /// <param name="checkpoint">The contents; tensors are live and must be copied before returning if the writing goes on afterwards.</param>
    /// <param name="path">Where to.</param>
    /// <param name="saved">Called once the file is durable: only then an older one may be deleted.</param>
    void Save(Checkpoint checkpoint, string path, Action? saved = null);

    /// <summary>Reads a checkpoint; the caller disposes it.</summary>
    /// <exception cref="CheckpointException">There is none, or it is refused.</exception>
    LoadedCheckpoint Load(string path);

    /// <summary>Deletes a checkpoint; nothing happens when there is none.</summary>
    void Remove(string path);

    /// <summary>Waits for writing that goes on in the background, and throws what went wrong there.</summary>
    void Wait();
}
