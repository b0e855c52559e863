namespace LightningSharp.Data;

/// <summary>Reads how many batches a loader has, without enumerating it.</summary>
internal static class LoaderLength
{
    /// <summary>Batches per epoch; null when unknown.</summary>
    public static int? Of<TBatch>(IEnumerable<TBatch> loader) => loader switch
    {
        ILoader own => own.BatchCount,
        LoaderGroup<TBatch> group => group.Loaders.Aggregate((int?)0, (sum, entry) => sum + Of(entry.Loader)),
        IReadOnlyCollection<TBatch> list => list.Count,
        _ => loader.TryGetNonEnumeratedCount(out var count) ? count : null,
    };
}
