namespace LightningSharp.Optimization;

/// <summary>Reads the saved options of a parameter group; what is missing keeps its value.</summary>
internal sealed class GroupReader(IReadOnlyDictionary<string, object?> saved)
{
    public double Number(string name, double? current) => saved.Number(name, current ?? 0);

    public bool Flag(string name, bool? current) => saved.Flag(name, current ?? false);

    /// <summary>Two numbers under one name, such as <c>betas</c>.</summary>
    public (double, double) Pair(string name, double? first, double? second)
        => saved.Numbers(name) is [var a, var b] ? (a, b) : (first ?? 0, second ?? 0);
}
