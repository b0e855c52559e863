namespace LightningSharp.Data.Reading;

internal sealed class FunctionStream<TItem>(Func<int, IEnumerable<TItem>> read, int? count) : IStreamDataset<TItem>
{
    int? IStreamDataset.Count => count;

    public IEnumerable<TItem> Read(int epoch) => read(epoch);
}
