using System.Collections;
using System.Globalization;

namespace LightningSharp.Optimization;

/// <summary>
/// Reads plain checkpoint data whatever wrote it: Python writes 0 where it means 0.0, a reader may give <see cref="int"/> or <see cref="long"/>,
/// arrays or lists. A missing or null entry leaves the value that is there already.
/// </summary>
internal static class StateValues
{
    public static double Number(this IReadOnlyDictionary<string, object?> state, string key, double otherwise)
        => state.TryGetValue(key, out var value) && value is not null ? ToNumber(value, key) : otherwise;

    public static long Whole(this IReadOnlyDictionary<string, object?> state, string key, long otherwise)
    {
        var number = state.Number(key, otherwise);
        return number == Math.Truncate(number) && Math.Abs(number) < 9e15
            ? (long)number
            : throw new CheckpointException(FormattableString.Invariant(
                $"The saved state holds '{key}' = {number}, a whole number was expected. The checkpoint was written by something else, or is damaged."));
    }

    public static int Count(this IReadOnlyDictionary<string, object?> state, string key, int otherwise) => checked((int)state.Whole(key, otherwise));

    public static bool Flag(this IReadOnlyDictionary<string, object?> state, string key, bool otherwise)
        => state.TryGetValue(key, out var value) && value is not null ? ToNumber(value, key) != 0 : otherwise;

    public static string? Text(this IReadOnlyDictionary<string, object?> state, string key)
        => state.TryGetValue(key, out var value) ? value as string : null;

    /// <summary>The numbers of a list or tuple; null when the key is missing or holds null.</summary>
    public static double[]? Numbers(this IReadOnlyDictionary<string, object?> state, string key)
        => state.TryGetValue(key, out var value) && value is not null ? [.. Items(value, key).Select(item => ToNumber(item, key))] : null;

    public static IReadOnlyList<object?> Items(object? value, string key) => value switch
    {
        IReadOnlyList<object?> list => list,
        IEnumerable items and not string and not IDictionary => [.. items.Cast<object?>()],
        _ => throw Unexpected(value, key, "a list"),
    };

    /// <summary>A dictionary with whole numbers for keys. Readers hand it over with long, int or text keys, typed or not.</summary>
    public static IEnumerable<KeyValuePair<long, object?>> IntegerKeyed(object? value, string key)
    {
        switch (value)
        {
            case IReadOnlyDictionary<long, object?> typed:
                return typed;
            case IReadOnlyDictionary<string, object?> texts:
                return texts.Select(entry => new KeyValuePair<long, object?>(ToKey(entry.Key, key), entry.Value));
            case IDictionary any:
                // Keys is walked instead of the entries: what the entries are differs between the plain and the typed enumerator.
                return any.Keys.Cast<object>().Select(name => new KeyValuePair<long, object?>(ToKey(name, key), any[name])).ToList();
            default:
                throw Unexpected(value, key, "a dictionary with whole numbers for keys");
        }
    }

    public static double ToNumber(object? value, string key) => value switch
    {
        double number => number,
        bool flag => flag ? 1 : 0,
        float or int or long or short or byte or sbyte or ushort or uint or ulong or decimal
            => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        // Python's Lightning may hold a learning rate or a step counter in a tensor; checkpoints are read on the host, so this is no synchronisation.
        TorchSharp.torch.Tensor tensor when tensor.numel() == 1 => TensorNumber(tensor),
        _ => throw Unexpected(value, key, "a number"),
    };

    private static long ToKey(object value, string key)
        => long.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Unexpected(value, key, "a whole number for a key");

    private static double TensorNumber(TorchSharp.torch.Tensor tensor)
    {
        using var asDouble = tensor.to(TorchSharp.torch.ScalarType.Float64, copy: true);
        using var onHost = asDouble.cpu();
        return onHost.item<double>();
    }

    private static CheckpointException Unexpected(object? value, string key, string expected) => new(
        $"The saved state holds {(value is null ? "nothing" : value.GetType().Name)} under '{key}', {expected} was expected. The checkpoint was written by something else, or is damaged.");
}
