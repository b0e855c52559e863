namespace LightningSharp.Callbacks;

/// <summary>Ends training, with everything saved, when a file appears: for runs whose terminal is out of reach. The file is deleted when training has stopped.</summary>
/// <param name="path">The file.</param>
/// <param name="checkEvery">Time between two looks; null for one second.</param>
/// <example><code>Callbacks = [new StopFile("stop-now")]     // then: touch stop-now</code></example>
public sealed class StopFile(string path = "stop-now", TimeSpan? checkEvery = null) : Callback
{
    private readonly string _path = !string.IsNullOrWhiteSpace(path) ? Path.GetFullPath(path) : throw new ArgumentException("StopFile needs the path of a file: received an empty one.", nameof(path));
    private readonly long _interval = (long)(checkEvery ?? TimeSpan.FromSeconds(1)).TotalMilliseconds;
    private long _next;

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context) => _next = 0;

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        var now = Environment.TickCount64;
        if (now < _next) return;
        _next = now + _interval;
        if (!File.Exists(_path)) return;
        context.Trainer.Stop($"the file {_path} appeared");
        File.Delete(_path);
    }
}
