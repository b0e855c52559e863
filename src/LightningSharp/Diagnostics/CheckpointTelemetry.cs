using System.Diagnostics;

namespace LightningSharp.Diagnostics;

/// <summary>The span and the measurements of one checkpoint. A file that is written behind the training counts when it is whole.</summary>
internal sealed class CheckpointTelemetry(string path) : IDisposable
{
    private readonly Activity? _activity = Telemetry.Start("lightning.checkpoint")?.SetTag("lightning.path", path);
    private readonly long _begun = Stopwatch.GetTimestamp();
    private bool _accepted;

    /// <summary>The file is on disk; called on any thread.</summary>
    public static void Saved() => Telemetry.CheckpointSaves.Add(1, new KeyValuePair<string, object?>("outcome", "saved"));

    /// <summary>Training may go on.</summary>
    public void Accepted() => _accepted = true;

    public void Dispose()
    {
        Telemetry.CheckpointDuration.Record(Stopwatch.GetElapsedTime(_begun).TotalSeconds);
        if (!_accepted)
        {
            Telemetry.CheckpointSaves.Add(1, new KeyValuePair<string, object?>("outcome", "failed"));
            _activity?.SetStatus(ActivityStatusCode.Error);
        }

        _activity?.Dispose();
    }
}
