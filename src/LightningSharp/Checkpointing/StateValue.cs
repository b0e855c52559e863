using System.Globalization;

namespace LightningSharp.Checkpointing;

/// <summary>Reads values out of plain data that came from a file, whatever kinds of number or dictionary it holds.</summary>
internal static class StateValue
{
    public static IReadOnlyDictionary<string, object?>? Map(object? value) => value as IReadOnlyDictionary<string, object?>;

    public static long Long(IReadOnlyDictionary<string, object?>? map, string key, long otherwise = 0)
        => map?.GetValueOrDefault(key) is { } value ? Convert.ToInt64(Plain(value), CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A counter of the run's position.</summary>
    /// <exception cref="CheckpointException">It is negative or larger than any run gets.</exception>
    public static long Count(IReadOnlyDictionary<string, object?>? map, string key, long most = long.MaxValue)
        => Long(map, key) is >= 0 and var value && value <= most ? value : throw new CheckpointException(string.Create(
            CultureInfo.InvariantCulture,
            $"The checkpoint's position has {key} = {Long(map, key)}: expected 0 to {most}. The file is damaged or was changed; use an older one, or resume with {{ Position = false }}."));

    public static double Double(IReadOnlyDictionary<string, object?>? map, string key, double otherwise = 0)
        => map?.GetValueOrDefault(key) is { } value ? Convert.ToDouble(Plain(value), CultureInfo.InvariantCulture) : otherwise;

    public static string? Text(IReadOnlyDictionary<string, object?>? map, string key) => map?.GetValueOrDefault(key) as string;

    public static IReadOnlyList<object?> List(object? value) => value as IReadOnlyList<object?> ?? [];

    private static object Plain(object value) => value is TorchSharp.torch.Tensor tensor ? Logging.MetricValue.ReadTensor(tensor) : value;
}
