using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public class LoggerFanTests
{
    private readonly List<string> _faults = [];

    [Fact]
    public async Task Every_logger_gets_every_call()
    {
        var (a, b) = (new InMemoryLogger(), new Foreign(_ => { }));
        await using var fan = Fan(a, b);

        fan.Start(default);
        fan.LogMetrics(One(1), 0);
        fan.Finish(RunStatus.Succeeded);

        Assert.Equal(1.0, Assert.Single(a.Rows).Values["a"]);
        Assert.Equal(["Start", "LogMetrics", "Finish"], b.Calls);
        Assert.Empty(_faults);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_logger_that_throws_at_its_nth_call_is_said_once_switched_off_and_costs_the_others_nothing(int throwing)
    {
        var good = new InMemoryLogger();
        var calls = 0;
        var bad = new Foreign(call =>
        {
            if (call == "LogMetrics" && ++calls >= throwing)
            {
                throw new IOException("no space left");
            }
        });
        await using var fan = Fan(bad, good);

        fan.Start(default);
        for (var i = 0; i < 200; i++)
        {
            fan.LogMetrics(One(i), i);
        }

        fan.Finish(RunStatus.Succeeded);

        Assert.Equal(throwing, calls);
        Assert.Contains("switched off", Assert.Single(_faults), StringComparison.Ordinal);
        Assert.Equal(200, good.Rows.Count);
    }

    [Fact]
    public async Task A_logger_of_ours_that_throws_is_fenced_as_well()
    {
        var ours = new CsvLogger();
        await using var fan = Fan(ours);

        fan.LogMetrics(One(1), 0); // not started: throws
        fan.LogMetrics(One(1), 1);

        Assert.Single(_faults);
    }

    [Fact]
    public async Task A_logger_that_blocks_holds_the_run_once_and_its_values_arrive_later()
    {
        using var gate = new ManualResetEventSlim();
        var slow = new Foreign(call => gate.Wait());
        var good = new InMemoryLogger();
        var guarded = new GuardedLogger(slow, (l, text, e) => _faults.Add(text), TimeSpan.FromMilliseconds(20));

        for (var i = 0; i < 50; i++)
        {
            guarded.Do(l => l.LogMetrics(One(1), 0)); // the gate is shut: only a queue gets us past this line
        }

        gate.Set();
        guarded.WaitUntilEmpty(TimeSpan.FromSeconds(20));
        await guarded.DisposeAsync();

        Assert.Contains("queue", Assert.Single(_faults), StringComparison.Ordinal);
        Assert.Equal(50, slow.Calls.Count);
    }

    [Fact]
    public async Task What_only_some_loggers_can_do_goes_to_those()
    {
        var memory = new InMemoryLogger();
        await using var fan = Fan(new Foreign(_ => { }), memory);
        await using var none = Fan(new Foreign(_ => { }));

        Assert.True(fan.Send<ITextLogger>(l => l.LogText("t", "x", 1)));
        Assert.False(none.Send<ITextLogger>(l => l.LogText("t", "x", 1)));
        Assert.Equal("x", Assert.Single(memory.Items).Value);
    }

    [Fact]
    public async Task The_first_logger_with_a_folder_of_its_own_gives_the_directory()
    {
        using var temp = new TempFolder();
        await using var fan = Fan(new InMemoryLogger(), new CsvLogger(temp.Root, "a"), new CsvLogger(temp.Root, "b"));

        Assert.Equal(Path.Combine(temp.Root, "a", "version_0"), fan.Directory);
        Assert.False(Directory.Exists(temp["b"]));
    }

    [Fact]
    public async Task Artifacts_parameters_and_flushes_reach_every_logger()
    {
        var (memory, foreign) = (new InMemoryLogger(), new Foreign(_ => { }));
        await using var fan = Fan(memory, foreign);

        fan.LogHyperParameters(new Dictionary<string, object?> { ["lr"] = 0.1 });
        fan.LogArtifact("a.ckpt", "checkpoint");
        fan.Flush();

        Assert.Equal(0.1, memory.HyperParameters["lr"]);
        Assert.Equal(("checkpoint", "a.ckpt", -1L), (memory.Items[0].Kind, memory.Items[0].Name, memory.Items[0].Step));
        Assert.Equal(["LogHyperParameters", "Flush"], foreign.Calls);
    }

    [Fact]
    public async Task An_ability_counts_only_while_its_logger_works()
    {
        var memory = new InMemoryLogger();
        await using var fan = Fan(memory);
        await using var nobody = Fan();
        var before = fan.Has<ITextLogger>();

        fan.Send<ITextLogger>(_ => throw new IOException("no space left"));

        Assert.True(before);
        Assert.False(fan.Has<ITextLogger>());
        Assert.False(fan.Send<ITextLogger>(l => l.LogText("t", "x", 1)));
        Assert.False(fan.Has<IHistogramLogger>());
        Assert.Equal((true, false), (nobody.IsEmpty, fan.IsEmpty));
        Assert.Single(_faults);
    }

    [Fact]
    public async Task Going_back_to_a_step_is_for_those_without_a_state_of_their_own()
    {
        using var temp = new TempFolder();
        var (memory, csv) = (new InMemoryLogger(), new CsvLogger());
        await using var fan = Fan(memory, csv);
        fan.Start(new(temp.Root, "test", "version_0"));
        for (var step = 0; step < 4; step++) fan.LogMetrics(One(step), step);

        fan.RewindTo(2);

        Assert.Equal([0L, 1], memory.Rows.Select(row => row.Step));
        Assert.Equal(4L, csv.StateDict()["rows"]);
    }

    [Fact]
    public async Task Values_that_the_caller_changes_afterwards_arrive_as_they_were()
    {
        var values = One(1);
        var foreign = new Keeps();
        await using var fan = Fan(foreign);

        fan.LogMetrics(values, 0);
        values["a"] = 2;

        Assert.Equal(1, foreign.Last!["a"]);
    }

    [Fact]
    public async Task A_slow_logger_that_is_behind_at_the_end_is_said_with_what_is_unsent()
    {
        using var gate = new ManualResetEventSlim();
        var guarded = new GuardedLogger(new Foreign(_ => gate.Wait()), (_, text, _) => _faults.Add(text), TimeSpan.FromMilliseconds(20));
        guarded.Do(l => l.Flush());
        guarded.Do(l => l.Flush());

        guarded.WaitUntilEmpty(TimeSpan.FromMilliseconds(20));
        guarded.WaitUntilEmpty(TimeSpan.FromMilliseconds(20)); // said once
        gate.Set();
        await guarded.DisposeAsync();

        Assert.Equal(2, _faults.Count);
        Assert.StartsWith("did not answer within 0.02 s", _faults[0], StringComparison.Ordinal);
        Assert.StartsWith("is still behind at the end of the run", _faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_logger_that_throws_when_it_is_disposed_is_said()
    {
        var guarded = new GuardedLogger(new Foreign(_ => { }) { OnDispose = () => throw new IOException("gone") }, (_, text, e) => _faults.Add($"{text} {e?.Message}"));

        await guarded.DisposeAsync();

        Assert.EndsWith("gone", Assert.Single(_faults), StringComparison.Ordinal);
    }

    private LoggerFan Fan(params IMetricLogger[] loggers)
        => new(loggers, (logger, text, e) => _faults.Add($"{logger.GetType().Name} {text} {e?.Message}"));

    private static Dictionary<string, double> One(double value) => new() { ["a"] = value };

    /// <summary>A logger from outside the library.</summary>
    private sealed class Foreign(Action<string> onCall) : IMetricLogger
    {
        public List<string> Calls { get; } = [];

        public string? Directory => null;

        public void Start(RunInfo run) => Called(nameof(Start));

        public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step) => Called(nameof(LogMetrics));

        public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters) => Called(nameof(LogHyperParameters));

        public void Flush() => Called(nameof(Flush));

        public void Finish(RunStatus status) => Called(nameof(Finish));

        public Action? OnDispose { get; init; }

        public ValueTask DisposeAsync()
        {
            OnDispose?.Invoke();
            return ValueTask.CompletedTask;
        }

        private void Called(string name)
        {
            Calls.Add(name);
            onCall(name);
        }
    }

    private sealed class Keeps : IMetricLogger
    {
        public IReadOnlyDictionary<string, double>? Last { get; private set; }

        public string? Directory => null;

        public void Start(RunInfo run)
        {
        }

        public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step) => Last = metrics;

        public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
        {
        }

        public void Flush()
        {
        }

        public void Finish(RunStatus status)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
