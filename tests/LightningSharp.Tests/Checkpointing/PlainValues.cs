using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>Trees of plain values as text that is equal if and only if the trees are, down to the bits of the tensors.</summary>
internal static class PlainValues
{
    public static string Text(object? value)
    {
        var builder = new StringBuilder();
        Append(builder, value);
        return builder.ToString();
    }

    public static byte[] Bytes(Tensor tensor)
    {
        if (tensor.numel() == 0) return [];
        using var flat = tensor.contiguous();
        return flat.bytes.ToArray();
    }

    private static void Append(StringBuilder to, object? value)
    {
        switch (value)
        {
            case null: to.Append("None"); break;
            case bool flag: to.Append(flag ? "True" : "False"); break;
            case double number: to.Append(CultureInfo.InvariantCulture, $"f{BitConverter.DoubleToInt64Bits(number):x}"); break;
            case string text: to.Append('"').Append(text).Append('"'); break;
            case byte[] bytes: to.Append('b').Append(Convert.ToHexString(bytes)); break;
            case long or BigInteger or Complex: to.Append(CultureInfo.InvariantCulture, $"{value.GetType().Name}:{value}"); break;
            case Tensor tensor: to.Append(CultureInfo.InvariantCulture, $"<{tensor.dtype} [{string.Join(',', tensor.shape)}] {Convert.ToHexString(Bytes(tensor))}>"); break;
            case LightningSharp.Checkpointing.CheckpointTuple tuple: Sequence(to, tuple, '(', ')'); break;
            case IDictionary dictionary: Dictionary(to, dictionary); break;
            case IReadOnlyDictionary<string, object?> dictionary: Dictionary(to, new OrderedDictionary<string, object?>(dictionary)); break;
            case IEnumerable list: Sequence(to, list, '[', ']'); break;
            default: to.Append(value.GetType().Name).Append(':').Append(value); break;
        }
    }

    private static void Sequence(StringBuilder to, IEnumerable items, char open, char close)
    {
        to.Append(open);
        foreach (var item in items)
        {
            Append(to, item);
            to.Append(',');
        }

        to.Append(close);
    }

    private static void Dictionary(StringBuilder to, IDictionary dictionary)
    {
        to.Append('{');
        foreach (DictionaryEntry entry in dictionary)
        {
            Append(to, entry.Key);
            to.Append(':');
            Append(to, entry.Value);
            to.Append(',');
        }

        to.Append('}');
    }
}
