using System.Globalization;
using System.Text;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>
/// The messages of TensorBoard that we write, field by field as in its public .proto files (event, summary, tensor, hparams plugin).
/// Each method fills <see cref="Message"/> with one whole event.
/// </summary>
internal sealed class EventMessages
{
    private const int Float32Type = 1;
    private const int StringType = 7;

    private double _lastTime;

    internal ProtoWriter Message { get; } = new();

    internal void FileVersion()
    {
        Begin(0);
        Message.Text(3, "brain.Event:2");
    }

    /// <summary>Tells readers to forget what the run logged at this step and later.</summary>
    internal void Restart(long step)
    {
        Begin(step);
        var session = Message.Begin(7);
        Message.Int(1, 1);
        Message.End(session);
    }

    internal void Scalars(IReadOnlyDictionary<string, double> metrics, string prefix, long step)
    {
        Begin(step);
        var summary = Message.Begin(5);
        foreach (var (name, value) in metrics)
        {
            if (name == "step")
            {
                continue; // it is the x-axis
            }

            var item = Message.Begin(1);
            Message.Text(1, prefix.Length == 0 || name == "epoch" ? name : prefix + name);
            Message.Float(2, (float)value);
            Message.End(item);
        }

        Message.End(summary);
    }

    internal void Image(string name, ImageData image, long step)
    {
        var (summary, value) = BeginValue(name, step);
        var picture = Message.Begin(4);
        Message.Int(1, image.Height);
        Message.Int(2, image.Width);
        Message.Int(3, image.Channels);
        Message.Bytes(4, image.ToPng());
        Message.End(picture);
        EndValue(summary, value);
    }

    internal void Histogram(string name, HistogramData histogram, long step)
    {
        var (summary, value) = BeginValue(name, step);
        var data = Message.Begin(5);
        Message.Double(1, histogram.Min);
        Message.Double(2, histogram.Max);
        Message.Double(3, histogram.Count);
        Message.Double(4, histogram.Sum);
        Message.Double(5, histogram.SumOfSquares);
        Message.PackedDoubles(6, histogram.Limits);
        Message.PackedDoubles(7, histogram.Counts);
        Message.End(data);
        EndValue(summary, value);
    }

    internal void Text(string name, string text, long step)
    {
        var (summary, value) = BeginValue(name + "/text_summary", step);
        Plugin("text", []);
        var tensor = Message.Begin(8);
        Message.Int(1, StringType);
        var shape = Message.Begin(2);
        var dimension = Message.Begin(2);
        Message.Int(1, 1);
        Message.End(dimension);
        Message.End(shape);
        Message.Bytes(8, Encoding.UTF8.GetBytes(text));
        Message.End(tensor);
        EndValue(summary, value);
    }

    /// <summary>Declares which metrics the hyper-parameter page shows; without it the page shows every scalar of the run.</summary>
    internal void HParamsExperiment(IReadOnlyDictionary<string, object?> flat, IReadOnlyList<string> metrics)
    {
        var content = new ProtoWriter();
        content.Int(1, 0);
        var experiment = content.Begin(2);
        content.Double(3, Now());
        foreach (var (name, value) in flat)
        {
            var info = content.Begin(4);
            content.Text(1, name);
            content.Int(4, value switch { bool => 2, long or double => 3, _ => 1 });
            content.End(info);
        }

        foreach (var metric in metrics)
        {
            var info = content.Begin(5);
            var tag = content.Begin(1);
            content.Text(2, metric);
            content.End(tag);
            content.End(info);
        }

        content.End(experiment);
        HParams("_hparams_/experiment", content);
    }

    internal void HParamsStart(IReadOnlyDictionary<string, object?> flat, string group)
    {
        var content = new ProtoWriter();
        content.Int(1, 0);
        var session = content.Begin(3);
        foreach (var (name, value) in flat)
        {
            var entry = content.Begin(1);
            content.Text(1, name);
            var item = content.Begin(2);
            PlainValueField(content, value);
            content.End(item);
            content.End(entry);
        }

        content.Text(4, group);
        content.Double(5, Now());
        content.End(session);
        HParams("_hparams_/session_start_info", content);
    }

    internal void HParamsEnd(RunStatus status)
    {
        var content = new ProtoWriter();
        content.Int(1, 0);
        var session = content.Begin(4);
        content.Int(1, status switch { RunStatus.Succeeded => 1, RunStatus.Failed => 2, _ => 0 });
        content.Double(2, Now());
        content.End(session);
        HParams("_hparams_/session_end_info", content);
    }

    internal void Graph(IReadOnlyList<GraphNode> nodes)
    {
        var graph = new ProtoWriter();
        foreach (var node in nodes)
        {
            var item = graph.Begin(1);
            graph.Text(1, node.Name);
            graph.Text(2, node.Kind);
            foreach (var input in node.Inputs)
            {
                graph.Text(3, input);
            }

            var attribute = graph.Begin(5);
            graph.Text(1, "parameters");
            var number = graph.Begin(2);
            graph.Int(3, node.Parameters);
            graph.End(number);
            graph.End(attribute);
            graph.End(item);
        }

        var versions = graph.Begin(4);
        graph.Int(1, 22);
        graph.End(versions);
        Begin(0);
        Message.Bytes(4, graph.Written);
    }

    private static void PlainValueField(ProtoWriter target, object? value)
    {
        switch (value)
        {
            case null:
                target.Text(3, "null");
                break;
            case bool b:
                target.Int(4, b ? 1 : 0);
                break;
            case long or double:
                target.Double(2, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            default:
                target.Text(3, (string)value);
                break;
        }
    }

    private void HParams(string tag, ProtoWriter content)
    {
        var (summary, value) = BeginValue(tag, step: 0);
        Plugin("hparams", content.Written);
        var tensor = Message.Begin(8); // the page's backend keeps only values that hold a tensor: an empty scalar
        Message.Int(1, Float32Type);
        Message.End(Message.Begin(2));
        Message.Float(5, 0);
        Message.End(tensor);
        EndValue(summary, value);
    }

    private void Plugin(string name, ReadOnlySpan<byte> content)
    {
        var metadata = Message.Begin(9);
        var plugin = Message.Begin(1);
        Message.Text(1, name);
        if (!content.IsEmpty)
        {
            Message.Bytes(2, content);
        }

        Message.End(plugin);
        Message.End(metadata);
    }

    private (int Summary, int Value) BeginValue(string tag, long step)
    {
        Begin(step);
        var summary = Message.Begin(5);
        var value = Message.Begin(1);
        Message.Text(1, tag);
        return (summary, value);
    }

    private void EndValue(int summary, int value)
    {
        Message.End(value);
        Message.End(summary);
    }

    private void Begin(long step)
    {
        Message.Clear();
        Message.Double(1, Now());
        Message.Int(2, step);
    }

    /// <summary>Seconds since 1970 with microseconds; never less than before, whatever the clock does.</summary>
    private double Now()
    {
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).TotalMicroseconds / 1e6;
        return _lastTime = Math.Max(now, _lastTime);
    }
}
