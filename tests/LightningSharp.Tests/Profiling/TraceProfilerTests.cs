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
    public void Every_event_has_the_fields_of_the_trace_event_format_and_no_two_overlap_without_nesting()
    {
        using var folder = new TempFolder();
        using var profiler = new TraceProfiler { DirPath = folder.Path, TimesModules = true };
        var clock = System.Diagnostics.Stopwatch.StartNew();

        new Trainer(Quiet.Options with { Profiler = profiler, MaxEpochs = 3, Callbacks = [new LightningSharp.Callbacks.LearningRateMonitor()], Loggers = [new LightningSharp.Logging.InMemoryLogger()] })
            .Fit(new TinyModel(), ToyData.Batches(12, 4), ToyData.Batches(8, 4));

        using var json = JsonDocument.Parse(File.ReadAllText(profiler.Path!)); // written at the end of the run
        var events = json.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        Assert.Equal("ms", json.RootElement.GetProperty("displayTimeUnit").GetString());
        Assert.Equal(["C", "M", "X"], events.Select(entry => entry.GetProperty("ph").GetString()).Distinct().Order());
        foreach (var entry in events)
        {
            Assert.NotEqual("", entry.GetProperty("name").GetString());
            Assert.Equal(JsonValueKind.Number, entry.GetProperty("ts").ValueKind);
            Assert.True(entry.GetProperty("pid").GetInt64() >= 0 && entry.GetProperty("tid").GetInt64() >= 0);
            Assert.Equal(entry.GetProperty("ph").GetString() == "X", entry.TryGetProperty("dur", out var duration) && duration.GetDouble() >= 0);
            Assert.Equal(entry.GetProperty("ph").GetString() != "X", entry.TryGetProperty("args", out var arguments) && arguments.ValueKind == JsonValueKind.Object);
        }

        Assert.Equal(["process_name", "thread_name"], events.Where(entry => entry.GetProperty("ph").GetString() == "M").Select(entry => entry.GetProperty("name").GetString()));
        var spans = events.Where(entry => entry.GetProperty("ph").GetString() == "X").Select(Read).OrderBy(span => span.Start).ThenByDescending(span => span.End).ToList();
        Assert.InRange(spans.Max(span => span.End), 1, clock.Elapsed.TotalMicroseconds); // microseconds since the start of the run
        var open = new Stack<(string Name, double Start, double End)>();
        foreach (var span in spans)
        {
            while (open.Count > 0 && open.Peek().End <= span.Start + 0.2) open.Pop();
            if (open.Count > 0) Assert.True(span.End <= open.Peek().End + 0.2, $"{span} reaches out of {open.Peek()}");
            open.Push(span);
        }
    }

    [Fact]
    public void Warm_up_batches_and_events_over_the_limit_are_left_out()
    {
        using var folder = new TempFolder();
        using var profiler = new TraceProfiler { DirPath = folder.Path, SkipBatches = 2, MaxEvents = 10 };

        new Trainer(Quiet.Options with { Profiler = profiler }).Fit(new TinyModel(), ToyData.Batches(40, 4));

        using var json = JsonDocument.Parse(File.ReadAllText(profiler.Path!)); // written at the end of the run
        Assert.InRange(json.RootElement.GetProperty("traceEvents").GetArrayLength(), 12, 22); // two titles; a batch's two counters are one entry
    }

    private static (string Name, double Start, double End) Read(JsonElement entry)
        => (entry.GetProperty("name").GetString()!, entry.GetProperty("ts").GetDouble(), entry.GetProperty("ts").GetDouble() + entry.GetProperty("dur").GetDouble()); // written above
}
