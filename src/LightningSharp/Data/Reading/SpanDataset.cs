using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>Two functions as a data set: one writes the inputs of an item in place, one gives its label.</summary>
internal sealed class SpanDataset<TElement, TLabel>(int count, ReadOnlySpan<long> shape, FillItem<TElement> fill, Func<int, TLabel> label) : IBatchDataset
    where TElement : unmanaged
    where TLabel : unmanaged
{
    private readonly Column[] _columns = [new("inputs", Element(typeof(TElement)), shape), new("labels", Element(typeof(TLabel)))];

    public int Count => count;

    public IReadOnlyList<Column> Columns => _columns;

    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        if (column == 0)
        {
            var rows = MemoryMarshal.Cast<byte, TElement>(destination);
            var size = indices.IsEmpty ? 0 : rows.Length / indices.Length;
            for (var i = 0; i < indices.Length; i++) fill(indices[i], rows.Slice(i * size, size));
        }
        else
        {
            var labels = MemoryMarshal.Cast<byte, TLabel>(destination);
            for (var i = 0; i < indices.Length; i++) labels[i] = label(indices[i]);
        }
    }

    private static ScalarType Element(Type type)
        => ElementTypes.Of(type) ?? throw new ArgumentException($"Items of {type.Name} cannot become a tensor. Expected float, double, Half, byte, sbyte, short, int, long or bool.");
}
