using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LightningSharp.Diagnostics;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Diagnostics;

public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value)> _measured = [];
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivitySource _test = new("LightningSharp.Tests");
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly Support.TempFolder _folder = new();

    public TelemetryTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "LightningSharp") listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => _measured.Enqueue((instrument.Name, value)));
        _meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => _measured.Enqueue((instrument.Name, value)));
        _activities = new()
        {
            ShouldListenTo = source => source.Name is "LightningSharp" or "LightningSharp.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
        _test.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_listener_hears_steps_samples_durations_loss_epochs_and_checkpoints()
    {
        _meters.Start();
        var model = new TinyModel();

        new Trainer(Saving with { MaxEpochs = 2 }).Fit(model, ToyData.Batches(10, 4));
        _meters.RecordObservableInstruments();

        Assert.Equal(6, Sum("lightning.steps"));
        Assert.Equal(20, Sum("lightning.samples"));
        Assert.Equal(6, Of("lightning.step.duration").Count);
        Assert.Equal(8, Of("lightning.data.wait").Count); // the end of each epoch is waited for too
        Assert.Equal([0, 1], Of("lightning.epoch"));
        Assert.Equal(model.Losses[0], Of("lightning.loss")[0], 6);
        Assert.Equal(Directory.GetFiles(_folder.Path, "*.ckpt", SearchOption.AllDirectories).Length, Math.Min(1, Sum("lightning.checkpoint.saves")));
        Assert.True(Sum("lightning.tensors.alive") > 0);
        Assert.All(Of("lightning.step.duration"), seconds => Assert.InRange(seconds, 1e-9, 60));
    }

    [Fact]
    public void Spans_of_fit_epochs_validation_and_checkpoint_are_nested()
    {
        ActivitySource.AddActivityListener(_activities);
        using (var mine = _test.StartActivity("mine"))
        {
            new Trainer(Saving with { MaxEpochs = 1, NumSanityValSteps = 0 }).Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));
        }

        var own = _ended.Where(activity => activity.Source.Name == "LightningSharp" && activity.RootId == _ended.Last().RootId).ToList();
        var fit = Assert.Single(own, activity => activity.OperationName == "lightning.fit");
        var epoch = Assert.Single(own, activity => activity.OperationName == "lightning.epoch");
        Assert.Equal("mine", fit.Parent?.OperationName);
        Assert.Equal(fit.SpanId, epoch.ParentSpanId);
        Assert.Equal(epoch.SpanId, Assert.Single(own, activity => activity.OperationName == "lightning.validation").ParentSpanId);
        Assert.Contains(own, activity => activity.OperationName == "lightning.checkpoint");
        Assert.Equal("TinyModel", fit.GetTagItem("lightning.model"));
        Assert.Equal(2L, fit.GetTagItem("lightning.global_step"));
        Assert.Equal(ActivityStatusCode.Unset, fit.Status);
    }

    [Fact]
    public void A_failed_run_ends_its_span_with_the_error()
    {
        ActivitySource.AddActivityListener(_activities);

        Assert.Throws<InvalidOperationException>(() => new Trainer(Quiet.Options).Fit(new Failing(), ToyData.Batches(4, 4)));

        var fit = Assert.Single(_ended, activity => activity.OperationName == "lightning.fit" && Equals(activity.GetTagItem("lightning.model"), nameof(Failing)));
        Assert.Equal((ActivityStatusCode.Error, "broken"), (fit.Status, fit.StatusDescription));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void While_nobody_listens_a_step_allocates_nothing_for_it()
    {
        var telemetry = new StepTelemetry();
        using var loss = tensor(1f);
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++) Round();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Round()
        {
            telemetry.Begin(default);
            telemetry.End(default, 4, loss);
            Telemetry.Start("lightning.epoch")?.Dispose();
        }
    }

    private TrainerOptions Saving => Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = _folder.Path };

    private List<double> Of(string name) => [.. _measured.Where(entry => entry.Name == name).Select(entry => entry.Value)];

    private double Sum(string name) => Of(name).Sum();

    private sealed class Failing : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => throw new InvalidOperationException("broken");
    }
}
