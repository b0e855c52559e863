using System.Globalization;

namespace LightningSharp.Checkpointing;

/// <summary>Reads values out of plain data that came from a file, whatever kinds of number or dictionary it holds.</summary>
internal static class StateValue
{
    public static IReadOnlyDictionary<string, object?>? Map(object? value) => value as IReadOnlyDictionary<string, object?>;

    public static long Long(IReadOnlyDictionary<string, object?>? map, string key, long otherwise = 0)
        => map?.GetValueOrDefault(key) is { } value ? Convert.ToInt64(Plain(value), CultureInfo.InvariantCulture) : otherwise;

    public static double Double(IReadOnlyDictionary<string, object?>? map, string key, double otherwise = 0)
        => map?.GetValueOrDefault(key) is { } value ? Convert.ToDouble(Plain(value), CultureInfo.InvariantCulture) : otherwise;

    public static string? Text(IReadOnlyDictionary<string, object?>? map, string key) => map?.GetValueOrDefault(key) as string;

    public static IReadOnlyList<object?> List(object? value) => value as IReadOnlyList<object?> ?? [];

    private static object Plain(object value) => value is TorchSharp.torch.Tensor tensor ? Logging.MetricValue.ReadTensor(tensor) : value;
}
