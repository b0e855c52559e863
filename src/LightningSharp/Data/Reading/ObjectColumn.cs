namespace LightningSharp.Data.Reading;

/// <summary>What is not numeric (text, objects): an array with one element per item.</summary>
internal sealed class ObjectColumn<TItem, T>(string name, Func<TItem, T> part) : ItemColumn<TItem>(name)
{
    public override Type BatchType => typeof(T[]);

    public override object Collate(ReadOnlySpan<TItem> items, ReadOnlySpan<int> indices, BufferPool pool)
    {
        var values = new T[items.Length];
        for (int i = 0; i < items.Length; i++)
            values[i] = part(items[i]);
        return values;
    }
}
