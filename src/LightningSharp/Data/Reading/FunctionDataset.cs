namespace LightningSharp.Data.Reading;

internal sealed class FunctionDataset<TItem>(Func<int> count, Func<int, Random, TItem> get) : IDataset<TItem>
{
    public int Count => count();

    public TItem Get(int index) => get(index, new Random(index));

    public TItem Get(int index, Random random) => get(index, random);
}
