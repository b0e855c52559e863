using System.Collections;

namespace LightningSharp.Data.Reading;

internal sealed class ConvertedLoader<TRow, TBatch>(IEnumerable<TRow> loader, Func<int?> count, Func<TRow, TBatch> convert) : IEnumerable<TBatch>, ILoader, IStateful, IConvertedLoader
{
    public object Source => loader;

    public int? BatchCount => count();

    public void SetEpoch(int epoch) => (loader as ILoader)?.SetEpoch(epoch);

    public IEnumerator<TBatch> GetEnumerator()
    {
        foreach (var row in loader)
            yield return convert(row);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public IReadOnlyDictionary<string, object?> StateDict() => (loader as IStateful)?.StateDict() ?? new Dictionary<string, object?>();

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => (loader as IStateful)?.LoadStateDict(state);
}
