using System.Buffers.Binary;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>Turns the bytes of one record into a <see cref="LoggedEvent"/>. Knows both generations of writers: values of their own kind, and everything as tensors.</summary>
internal static class EventDecoder
{
    internal static LoggedEvent Decode(ReadOnlySpan<byte> payload)
    {
        var (time, step, restart, version, graph) = (0.0, 0L, false, (string?)null, (byte[]?)null);
        List<EventValue> values = [];
        for (var field = new ProtoReader(payload); field.Next();)
        {
            switch (field.Field)
            {
                case 1: time = field.Double; break;
                case 2: step = field.Int; break;
                case 3: version = field.Text; break;
                case 4: graph = field.Bytes.ToArray(); break;
                case 5: Values(field.Bytes, values); break;
                case 7: restart = FirstInt(field.Bytes, 1) == 1; break;
            }
        }

        return new(time, step, values) { IsRestart = restart, FileVersion = version, Graph = graph };
    }

    private static void Values(ReadOnlySpan<byte> summary, List<EventValue> values)
    {
        for (var field = new ProtoReader(summary); field.Next();)
        {
            if (field.Field == 1)
            {
                values.Add(Value(field.Bytes));
            }
        }
    }

    private static EventValue Value(ReadOnlySpan<byte> message)
    {
        var (tag, plugin, scalar) = ("", (string?)null, (double?)null);
        byte[]? image = null, content = null;
        HistogramData? histogram = null;
        ReadOnlySpan<byte> tensor = default;
        for (var field = new ProtoReader(message); field.Next();)
        {
            switch (field.Field)
            {
                case 1: tag = field.Text; break;
                case 2: scalar = field.Double; break;
                case 4: image = FirstBytes(field.Bytes, 4); break;
                case 5: histogram = Histogram(field.Bytes); break;
                case 8: tensor = field.Bytes; break;
                case 9: (plugin, content) = Plugin(field.Bytes); break;
            }
        }

        var value = new EventValue(tag, plugin) { Scalar = scalar, Image = image, Histogram = histogram, PluginContent = content };
        return tensor.IsEmpty || plugin == "hparams" ? value : FromTensor(value, tensor);
    }

    private static EventValue FromTensor(EventValue value, ReadOnlySpan<byte> message)
    {
        var tensor = TensorValue.Decode(message);
        return value.Plugin switch
        {
            "text" => value with { Text = tensor.Texts.Count == 0 ? "" : tensor.Text(0) },
            // width and height come first, then the pictures
            "images" => value with { Image = tensor.Texts.Count > 2 ? tensor.Texts[2] : null },
            "histograms" => value with { Histogram = tensor.AsHistogram() },
            "scalars" or null when tensor.Numbers.Count == 1 => value with { Scalar = tensor.Numbers[0] },
            null when tensor.Texts.Count == 1 => value with { Text = tensor.Text(0) },
            _ => value,
        };
    }

    private static HistogramData Histogram(ReadOnlySpan<byte> message)
    {
        var (min, max, sum, squares) = (0.0, 0.0, 0.0, 0.0);
        List<double> limits = [], counts = [];
        for (var field = new ProtoReader(message); field.Next();)
        {
            switch (field.Field)
            {
                case 1: min = field.Double; break;
                case 2: max = field.Double; break;
                case 4: sum = field.Double; break;
                case 5: squares = field.Double; break;
                case 6: field.AddDoubles(limits); break;
                case 7: field.AddDoubles(counts); break;
            }
        }

        return new(min, max, sum, squares, limits, counts);
    }

    private static (string? Name, byte[]? Content) Plugin(ReadOnlySpan<byte> metadata)
    {
        for (var field = new ProtoReader(metadata); field.Next();)
        {
            if (field.Field == 1)
            {
                var (name, content) = ((string?)null, (byte[]?)null);
                for (var inner = new ProtoReader(field.Bytes); inner.Next();)
                {
                    name = inner.Field == 1 ? inner.Text : name;
                    content = inner.Field == 2 ? inner.Bytes.ToArray() : content;
                }

                return (name, content);
            }
        }

        return default;
    }

    private static long FirstInt(ReadOnlySpan<byte> message, int number)
    {
        for (var field = new ProtoReader(message); field.Next();)
        {
            if (field.Field == number)
            {
                return field.Int;
            }
        }

        return 0;
    }

    private static byte[]? FirstBytes(ReadOnlySpan<byte> message, int number)
    {
        for (var field = new ProtoReader(message); field.Next();)
        {
            if (field.Field == number)
            {
                return field.Bytes.ToArray();
            }
        }

        return null;
    }
}
