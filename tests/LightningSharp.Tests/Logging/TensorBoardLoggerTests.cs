using Google.Protobuf;
using LightningSharp.Logging;
using LightningSharp.Logging.TensorBoard;
using Tensorboard;
using TorchSharp;

namespace LightningSharp.Tests.Logging;

/// <summary>Event files are checked with a reader that we did not write: the generated message classes that TorchSharp carries.</summary>
public sealed class TensorBoardLoggerTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Scalars_have_name_value_step_and_a_time_of_now()
    {
        await Written(logger =>
        {
            logger.LogMetrics(new Dictionary<string, double> { ["loss"] = 0.5, ["acc"] = double.NaN, ["step"] = 3 }, 7);
            logger.LogMetrics(new Dictionary<string, double> { ["loss"] = double.NegativeInfinity }, 5_000_000_000);
        });

        var events = Independent();

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(["loss", "acc"], events[1].Summary.Value.Select(v => v.Tag));
        Assert.Equal(7, events[1].Step);
        Assert.Equal(0.5f, events[1].Summary.Value[0].SimpleValue);
        Assert.True(float.IsNaN(events[1].Summary.Value[1].SimpleValue));
        Assert.Equal(5_000_000_000, events[2].Step);
        Assert.Equal(float.NegativeInfinity, events[2].Summary.Value[0].SimpleValue);
        Assert.InRange(events[1].WallTime, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 600, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600);
        Assert.True(events[2].WallTime >= events[1].WallTime);
    }

    [Fact]
    public async Task Histograms_hold_the_counts_and_moments()
    {
        await Written(logger => logger.LogHistogram("w", HistogramData.Of([0f, 0.1f, 1f, 2f, float.NaN], buckets: 2), 3));

        var histogram = Independent()[1].Summary.Value[0].Histo;

        Assert.Equal((0.0, 2.0, 4.0), (histogram.Min, histogram.Max, histogram.Num));
        Assert.Equal([1.0, 2.0], histogram.BucketLimit);
        Assert.Equal([2.0, 2.0], histogram.Bucket);
        Assert.Equal(3.1, histogram.Sum, 1e-6); // float32 input
        Assert.Equal(5.01, histogram.SumSquares, 1e-6);
    }

    [Fact]
    public async Task Images_are_PNG_files_with_the_pixels_that_went_in()
    {
        using var picture = torch.tensor(new float[] { 0, 1, 0.5f, 2, -1, float.NaN }, 2, 3);

        await Written(logger => logger.LogImage("x", ImageData.FromTensor(picture), 1));

        var image = Independent()[1].Summary.Value[0].Image;
        Assert.Equal((2, 3, 1), (image.Height, image.Width, image.Colorspace));
        using var decoded = PngPixels.Decode(image.EncodedImageString.ToByteArray());
        Assert.Equal([0, 255, 128, 255, 0, 0], decoded.ToArray());
    }

    [Fact]
    public async Task Text_and_tables_go_to_the_text_page()
    {
        await Written(logger =>
        {
            logger.LogText("note", "héllo <b>", 2);
            logger.LogTable("t", ["a", "b|c"], [[1L, "x\ny"], [0.5, null]], 2);
        });

        var value = Independent()[1].Summary.Value[0];
        var table = Independent()[2].Summary.Value[0];

        Assert.Equal("note/text_summary", value.Tag);
        Assert.Equal("text", value.Metadata.PluginData.PluginName);
        Assert.Equal(DataType.DtString, value.Tensor.Dtype);
        Assert.Equal(1, value.Tensor.TensorShape.Dim[0].Size);
        Assert.Equal("héllo <b>", value.Tensor.StringVal[0].ToStringUtf8());
        Assert.Equal("| a | b\\|c |\n| --- | --- |\n| 1 | x y |\n| 0.5 |  |\n", table.Tensor.StringVal[0].ToStringUtf8());
    }

    [Fact]
    public async Task Hyper_parameters_go_to_their_page_without_an_invented_metric()
    {
        await Written(logger => logger.LogHyperParameters(
            new Dictionary<string, object?> { ["lr"] = 0.1, ["deep"] = new Dictionary<string, object?> { ["on"] = true }, ["name"] = "toy" }));

        var values = Independent().Where(e => e.Summary is not null).SelectMany(e => e.Summary.Value).ToList();

        Assert.Equal(["_hparams_/session_start_info", "_hparams_/session_end_info"], values.Select(v => v.Tag));
        Assert.All(values, v => Assert.Equal("hparams", v.Metadata.PluginData.PluginName));
        var start = Fields(Assert.Single(Fields(values[0].Metadata.PluginData.Content.Span), f => f.Number == 3).Bytes);
        var names = start.Where(f => f.Number == 1).Select(f => System.Text.Encoding.UTF8.GetString(Fields(f.Bytes)[0].Bytes));
        Assert.Equal(["lr", "deep/on", "name"], names);
        Assert.Equal("lr: 0.1\ndeep:\n  'on': true\nname: toy\n", await File.ReadAllTextAsync(_temp["hparams.yaml"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Named_metrics_are_declared_for_the_hyper_parameter_page()
    {
        await using (var logger = new TensorBoardLogger(hyperParameterMetrics: ["val_loss"]))
        {
            logger.Start(Run());
            logger.LogHyperParameters(new Dictionary<string, object?> { ["lr"] = 0.1 });
        }

        var value = Independent()[1].Summary.Value[0];

        Assert.Equal("_hparams_/experiment", value.Tag);
        var experiment = Fields(Assert.Single(Fields(value.Metadata.PluginData.Content.Span), f => f.Number == 2).Bytes);
        var metric = Assert.Single(experiment, f => f.Number == 5).Bytes;
        Assert.Equal("val_loss", System.Text.Encoding.UTF8.GetString(Fields(Fields(metric)[0].Bytes)[0].Bytes));
    }

    [Fact]
    public async Task An_existing_hparams_file_is_kept()
    {
        await File.WriteAllTextAsync(_temp["hparams.yaml"], "mine: 1\n", TestContext.Current.CancellationToken);

        await Written(logger => logger.LogHyperParameters(new Dictionary<string, object?> { ["a"] = 2 }));

        Assert.Equal("mine: 1\n", await File.ReadAllTextAsync(_temp["hparams.yaml"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_graph_names_every_leaf_module_and_chains_those_of_a_Sequential()
    {
        using var model = torch.nn.Sequential(("a", torch.nn.Linear(2, 3)), ("b", torch.nn.ReLU()), ("c", torch.nn.Sequential(("d", torch.nn.Linear(3, 1)))));

        await Written(logger => logger.LogGraph(model));

        var nodes = GraphDef.Parser.ParseFrom(Independent()[1].GraphDef).Node;
        Assert.Equal(["Sequential/a", "Sequential/b", "Sequential/c/d"], nodes.Select(n => n.Name));
        Assert.Equal(["Linear", "ReLU", "Linear"], nodes.Select(n => n.Op));
        Assert.Equal(["Sequential/a"], nodes[1].Input);
        Assert.Equal(["Sequential/b"], nodes[2].Input);
        Assert.Equal([9L, 0L, 4L], nodes.Select(n => n.Attr["parameters"].I));
    }

    [Fact]
    public async Task Each_start_opens_a_new_file_that_sorts_after_the_older_ones()
    {
        await File.WriteAllTextAsync(_temp["events.out.tfevents.9999999990.host"], "", TestContext.Current.CancellationToken);

        await Written(logger => logger.LogMetrics(new Dictionary<string, double> { ["a"] = 1 }, 0));
        await Written(logger => logger.LogMetrics(new Dictionary<string, double> { ["a"] = 2 }, 1));

        var files = Directory.GetFiles(_temp.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(3, files.Count);
        Assert.StartsWith("events.out.tfevents.9999999991.", files[1], StringComparison.Ordinal);
        Assert.StartsWith("events.out.tfevents.9999999992.", files[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rewinding_writes_the_session_mark_that_makes_readers_drop_later_steps()
    {
        await Written(logger => logger.RewindTo(40));

        var mark = Independent()[1];

        Assert.Equal(40, mark.Step);
        Assert.Equal(SessionLog.Types.SessionStatus.Start, mark.SessionLog.Status);
    }

    [Fact]
    public async Task Our_own_reader_agrees_with_the_independent_one_on_everything_we_write()
    {
        using var picture = torch.rand(3, 4, 5);
        await Written(logger =>
        {
            logger.LogMetrics(new Dictionary<string, double> { ["a/b"] = 1.5, ["ü"] = -2 }, 1);
            logger.LogImage("i", ImageData.FromTensor(picture), 2);
            logger.LogHistogram("h", HistogramData.Of([1f, 2f, 3f]), 3);
            logger.LogText("t", "x", 4);
            logger.RewindTo(2);
        });

        var theirs = Independent();
        var ours = EventFileReader.ReadAll(EventFile());

        Assert.Equal(theirs.Select(e => (e.WallTime, e.Step)), ours.Select(e => (e.WallTime, e.Step)));
        Assert.Equal([1.5, -2.0], ours[1].Values.Select(v => v.Scalar!.Value));
        Assert.Equal(theirs[2].Summary.Value[0].Image.EncodedImageString.ToByteArray(), ours[2].Values[0].Image);
        Assert.Equal(theirs[3].Summary.Value[0].Histo.Bucket, ours[3].Values[0].Histogram!.Counts);
        Assert.Equal("x", ours[4].Values[0].Text);
        Assert.True(ours[5].IsRestart);
    }

    private static List<(int Number, byte[] Bytes)> Fields(ReadOnlySpan<byte> message)
    {
        List<(int, byte[])> fields = [];
        var input = new CodedInputStream(message.ToArray());
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                fields.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
            }
            else
            {
                input.SkipLastField();
            }
        }

        return fields;
    }

    private async Task Written(Action<TensorBoardLogger> log)
    {
        await using var logger = new TensorBoardLogger();
        logger.Start(Run());
        log(logger);
        logger.Finish(RunStatus.Succeeded);
    }

    private RunInfo Run() => new(_temp.Root, "test", "version_0");

    private string EventFile() => Assert.Single(Directory.GetFiles(_temp.Root, "events.out.tfevents.*"));

    private List<Event> Independent()
    {
        var bytes = File.ReadAllBytes(EventFile());
        List<Event> events = [];
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BitConverter.ToInt64(bytes, at);
            events.Add(Event.Parser.ParseFrom(bytes, at + 12, length));
            at += length + 16;
        }

        return events;
    }
}
