namespace LightningSharp.Data;

/// <summary>How many batches an enumerable has, if it says so without being enumerated.</summary>
internal static class Length
{
    public static int? Of<T>(IEnumerable<T> loader) => loader switch
    {
        ILoader ours => ours.BatchCount,
        _ => loader.TryGetNonEnumeratedCount(out int count) ? count : null,
    };
}
