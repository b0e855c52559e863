using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Reads the saved options of a parameter group; what is missing keeps its value.</summary>
internal sealed class GroupReader(IReadOnlyDictionary<string, object?> saved)
{
    public double Number(string name, double? current) => Number(saved.GetValueOrDefault(name)) ?? current ?? 0;

    public bool Flag(string name, bool? current) => saved.GetValueOrDefault(name) as bool? ?? current ?? false;

    /// <summary>Two numbers under one name, such as <c>betas</c>.</summary>
    public (double, double) Pair(string name, double? first, double? second)
        => saved.GetValueOrDefault(name) is IEnumerable<object?> list && list.ToArray() is [var a, var b]
            ? (Number(a) ?? first ?? 0, Number(b) ?? second ?? 0)
            : (first ?? 0, second ?? 0);

    public static double? Number(object? value) => value switch
    {
        null => null,
        Tensor tensor => tensor.to(float64).cpu().ToDouble(), // a restore, not a step: reading the device is fine
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };
}
