using LightningSharp.Data.Combining;

namespace LightningSharp.Data;

/// <summary>Reads several loaders together: <c>CombinedLoader.Zip(labelled, unlabelled, CombinedMode.MaxSizeCycle)</c>.</summary>
public static class CombinedLoader
{
    /// <summary>Two loaders as one whose batches are pairs.</summary>
    /// <param name="first">The first part of each batch.</param>
    /// <param name="second">The second part.</param>
    /// <param name="mode">What happens when they are of different length; a part that has nothing is <c>default</c>.</param>
    /// <param name="limits">At most so many batches of each loader; one limit per loader.</param>
    public static CombinedLoader<(T1? First, T2? Second)> Zip<T1, T2>(
        IEnumerable<T1> first, IEnumerable<T2> second, CombinedMode mode = CombinedMode.MinSize, IReadOnlyList<int>? limits = null)
    {
        var (a, b) = (new Part<T1>(NotNull(first)), new Part<T2>(NotNull(second)));
        return new([a, b], () => (a.Current, b.Current), mode, limits);
    }

    /// <summary>Three loaders as one.</summary>
    public static CombinedLoader<(T1? First, T2? Second, T3? Third)> Zip<T1, T2, T3>(
        IEnumerable<T1> first, IEnumerable<T2> second, IEnumerable<T3> third, CombinedMode mode = CombinedMode.MinSize, IReadOnlyList<int>? limits = null)
    {
        var (a, b, c) = (new Part<T1>(NotNull(first)), new Part<T2>(NotNull(second)), new Part<T3>(NotNull(third)));
        return new([a, b, c], () => (a.Current, b.Current, c.Current), mode, limits);
    }

    /// <summary>Any number of loaders of the same batch type; each combined batch is an array with one element per loader.</summary>
    /// <exception cref="ArgumentException">There is no loader, or not one limit per loader.</exception>
    public static CombinedLoader<T?[]> List<T>(IReadOnlyList<IEnumerable<T>> loaders, CombinedMode mode = CombinedMode.MinSize, IReadOnlyList<int>? limits = null)
    {
        ArgumentNullException.ThrowIfNull(loaders);
        Part<T>[] parts = [.. loaders.Select(loader => new Part<T>(NotNull(loader)))];
        return new(parts, () => Array.ConvertAll(parts, part => part.Current), mode, limits);
    }

    private static IEnumerable<T> NotNull<T>(IEnumerable<T> loader) =>
        loader ?? throw new ArgumentNullException(nameof(loader), "One of the loaders is null. Expected an enumerable of batches.");
}
