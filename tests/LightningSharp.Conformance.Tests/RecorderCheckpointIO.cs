using System.Text.Json.Nodes;
using LightningSharp.Checkpointing;

namespace LightningSharp.Conformance;

/// <summary>Checkpoint files with a row for each operation.</summary>
internal sealed class RecorderCheckpointIO(Recorder recorder) : ICheckpointIO
{
    private readonly LocalCheckpointIO _files = new();

    public void Save(Checkpoint checkpoint, string path, Action? saved = null)
    {
        recorder.Add("K", "save_checkpoint", info: new JsonObject
        {
            ["path"] = Relative(path), ["epoch"] = Convert.ToInt64(checkpoint["epoch"], null), ["global_step"] = Convert.ToInt64(checkpoint["global_step"], null),
        });
        _files.Save(checkpoint, path, saved);
    }

    public LoadedCheckpoint Load(string path)
    {
        recorder.Add("K", "load_checkpoint", info: new JsonObject { ["path"] = Relative(path) });
        return _files.Load(path);
    }

    public void Remove(string path)
    {
        recorder.Add("K", "remove_checkpoint", info: new JsonObject { ["path"] = Relative(path) });
        _files.Remove(path);
    }

    public void Wait() => _files.Wait();

    public void Dispose() => _files.Dispose();

    private string Relative(string path) => Path.GetRelativePath(recorder.Root, path).Replace('\\', '/');
}
