using System.Diagnostics;
using LightningSharp.Data;
using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Diagnostics;

/// <summary>The measurements of the training loop, for those who listen.</summary>
internal sealed class StepTelemetry
{
    private const int LossEveryMilliseconds = 100;

    private long _begun;
    private long _steps = -1;
    private long _lossAt = long.MinValue;

    /// <summary>The next batch, with the time that it took to come.</summary>
    public static bool Wait<TBatch>(BatchReader<TBatch> reader)
    {
        if (!Telemetry.DataWait.Enabled) return reader.Read();
        var begun = Stopwatch.GetTimestamp();
        var more = reader.Read();
        Telemetry.DataWait.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        return more;
    }

    public void Begin(Progress progress)
    {
        if (_steps < 0) _steps = progress.GlobalStep;
        _begun = Telemetry.StepDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
    }

    public void End(Progress progress, int samples, Tensor? loss)
    {
        if (_begun != 0) Telemetry.StepDuration.Record(Stopwatch.GetElapsedTime(_begun).TotalSeconds);
        if (Telemetry.Steps.Enabled) Telemetry.Steps.Add(progress.GlobalStep - _steps);
        _steps = progress.GlobalStep;
        if (Telemetry.Samples.Enabled) Telemetry.Samples.Add(samples);
        if (Telemetry.Loss.Enabled && loss is not null) RecordLoss(loss);
    }

    private void RecordLoss(Tensor loss)
    {
        var now = Environment.TickCount64;
        if (_lossAt != long.MinValue && now - _lossAt < LossEveryMilliseconds) return;
        _lossAt = now;
        Telemetry.Loss.Record(MetricValue.ReadTensor(loss)); // waits for the device: somebody listens to this number
    }
}
