using System.Text.Json;
using LightningSharp.Profiling;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Profiling;

public class TraceProfilerTests
{
    [Fact]
    public void The_trace_is_what_trace_viewers_read_and_its_events_nest()
    {
        using var folder = new TempFolder();
        using var profiler = new TraceProfiler { DirPath = folder.Path, TimesModules = true };

        new Trainer(Quiet.Options with { Profiler = profiler }).Fit(new TinyModel(), ToyData.Batches(12, 4));

        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "fit-trace.json")));
        var events = json.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        var whole = events.Where(entry => entry.GetProperty("ph").GetString() == "X").Select(Read).ToList();
        var steps = whole.Where(entry => entry.Name == "[LightningModule]TinyModel.TrainingStep").ToList();
        var batches = whole.Where(entry => entry.Name == "run_training_batch").ToList();
        var layers = whole.Where(entry => entry.Name == "[Module]layer (Linear)").ToList();
        Assert.Equal((3, 3, 3), (steps.Count, batches.Count, layers.Count));
        Assert.All(steps.Zip(batches), pair => Assert.True(pair.First.Start >= pair.Second.Start && pair.First.End <= pair.Second.End + 0.01));
        Assert.All(layers.Zip(steps), pair => Assert.True(pair.First.Start >= pair.Second.Start && pair.First.End <= pair.Second.End + 0.01));
        Assert.Equal(6, events.Count(entry => entry.GetProperty("ph").GetString() == "C")); // memory and tensors, per batch
        Assert.All(events, entry => Assert.True(entry.GetProperty("ts").GetDouble() >= 0 && entry.TryGetProperty("pid", out _) && entry.TryGetProperty("tid", out _)));
    }

    [Fact]
    public void Warm_up_batches_and_events_over_the_limit_are_left_out()
    {
        using var folder = new TempFolder();
        using var profiler = new TraceProfiler { DirPath = folder.Path, SkipBatches = 2, MaxEvents = 10 };

        new Trainer(Quiet.Options with { Profiler = profiler }).Fit(new TinyModel(), ToyData.Batches(40, 4));

        using var json = JsonDocument.Parse(File.ReadAllText(profiler.Path!)); // written at the end of the run
        Assert.InRange(json.RootElement.GetProperty("traceEvents").GetArrayLength(), 10, 20); // a batch's two counters are one entry
    }

    private static (string Name, double Start, double End) Read(JsonElement entry)
        => (entry.GetProperty("name").GetString()!, entry.GetProperty("ts").GetDouble(), entry.GetProperty("ts").GetDouble() + entry.GetProperty("dur").GetDouble()); // written above
}
