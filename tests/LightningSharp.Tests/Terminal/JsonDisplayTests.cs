using LightningSharp.Callbacks;
using System.Text.Json;
using LightningSharp.Terminal;
using Microsoft.Extensions.Logging;

namespace LightningSharp.Tests.Terminal;

public sealed class JsonDisplayTests
{
    [Fact]
    public void A_run_is_one_object_per_line()
    {
        using var writer = new StringWriter();
        var time = new ManualTime();
        var display = new JsonDisplay(writer, time);
        var trainer = new Trainer(new()
        {
            MaxEpochs = 1, Console = ConsoleMode.Quiet, EnableCheckpointing = false, Loggers = [],
            Callbacks = [new Banner(display), new ModelSummary(display), new ProgressBar(display), new TickingClock(time, 3)],
        });

        trainer.Train(new TinyModel { InTraining = static (model, _) => model.Log("odd \e[1m\"name\"", double.NaN, onStep: false, onEpoch: true) }, TinyModel.Batches(2));

        var events = Parse(writer);
        Assert.Equal(["start", "summary", "progress", "epoch", "finish"], events.Select(entry => entry.GetProperty("event").GetString()));
        Assert.Equal(10, events[1].GetProperty("total_parameters").GetInt64());
        Assert.Equal(2, events[2].GetProperty("batches").GetInt32());
        Assert.Equal("NaN", events[3].GetProperty("metrics").GetProperty("odd \e[1m\"name\"").GetString());
        Assert.Equal(1.5, events[3].GetProperty("metrics").GetProperty("loss").GetDouble(), 5);
        Assert.Equal("MaxEpochs = 1 reached", events[4].GetProperty("reason").GetString());
        Assert.DoesNotContain('\e', writer.ToString());
    }

    [Fact]
    public void Log_lines_and_failures_are_events_too()
    {
        using var writer = new StringWriter();
        var display = new JsonDisplay(writer, new ManualTime());

        using (var provider = new ConsoleLogProvider(display)) provider.CreateLogger("app").Log(LogLevel.Warning, "two\nlines");
        display.Fail(new(IsCanceled: true, "X", "why", "epoch 1, batch 2", TimeSpan.FromSeconds(2), null));

        var events = Parse(writer);
        Assert.Equal(("log", "Warning", "two\nlines"), (Text(events[0], "event"), Text(events[0], "level"), Text(events[0], "text")));
        Assert.Equal("canceled", Text(events[1], "event"));
    }

    private static string? Text(JsonElement entry, string name) => entry.GetProperty(name).GetString();

    private static List<JsonElement> Parse(StringWriter writer)
        => [.. writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
