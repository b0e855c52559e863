using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>Saves a checkpoint when a run ends with an exception. The next run that succeeds deletes it. To continue from it say so: <c>Resume.From(path)</c>.</summary>
/// <example><code>
/// var rescue = new OnExceptionCheckpoint("checkpoints");
/// // after a crash:
/// trainer.Fit(model, data, Resume.From(rescue.CheckpointPath));
/// </code></example>
public sealed class OnExceptionCheckpoint : Callback
{
    /// <summary>Chooses the file, which is overwritten when it exists.</summary>
    /// <param name="dirPath">The folder.</param>
    /// <param name="filename">The name without extension.</param>
    /// <exception cref="ArgumentException">The folder or the name is empty.</exception>
    public OnExceptionCheckpoint(string dirPath, string filename = "on_exception")
    {
        if (string.IsNullOrWhiteSpace(dirPath)) throw new ArgumentException("OnExceptionCheckpoint needs a folder: received an empty one.", nameof(dirPath));
        if (string.IsNullOrWhiteSpace(filename)) throw new ArgumentException("OnExceptionCheckpoint needs a file name: received an empty one. The default is on_exception.", nameof(filename));
        CheckpointPath = Path.GetFullPath(Path.Combine(dirPath, filename + ".ckpt"));
    }

    /// <summary>The file.</summary>
    public string CheckpointPath { get; }

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(CheckpointPath)!); // a full path of a file has a folder
            context.Trainer.SaveCheckpoint(CheckpointPath);
        }
        catch (Exception second)
        {
            // The exception that ended the run is the one to see; a checkpoint that could not be written must not hide it.
            context.Trainer.Messages.Warn(MessageId.CheckpointFailed, $"OnExceptionCheckpoint could not write {CheckpointPath}: {second.Message}");
        }
    }

    /// <inheritdoc/>
    public override void Teardown(StageContext context)
    {
        if (File.Exists(CheckpointPath)) File.Delete(CheckpointPath);
    }
}
