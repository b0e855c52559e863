using System.Diagnostics.CodeAnalysis;
using System.Reflection;

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
        _ => loader.TryGetNonEnumeratedCount(out var count) ? count : OfTorchSharp(loader.GetType()) is { } property ? (int?)(long?)property.GetValue(loader) : null,
    };

    // Its length matters: it frees a batch when it is asked for the next one, so it must not be read ahead to find its end.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "TorchSharp's loader is used by the caller, so its property is there; without it the length is unknown.")]
    private static PropertyInfo? OfTorchSharp(Type? loader)
    {
        for (; loader is not null; loader = loader.BaseType)
        {
            if (loader.IsGenericType && loader.GetGenericTypeDefinition() == typeof(TorchSharp.Modules.DataLoader<,>))
                return loader.GetProperty(nameof(TorchSharp.Modules.DataLoader<,>.Count));
        }

        return null;
    }
}
