using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>One column made from one part of each item.</summary>
internal abstract class ItemColumn<TItem>(string name)
{
    /// <summary>For messages: "item" or the name of the part.</summary>
    public string Name { get; } = name;

    /// <summary><see cref="Tensor"/>, or the array type of what is not numeric.</summary>
    public virtual Type BatchType => typeof(Tensor);

    /// <summary>A <see cref="HostColumn"/> or an array.</summary>
    public abstract object Collate(ReadOnlySpan<TItem> items, ReadOnlySpan<int> indices, BufferPool pool);

    protected DataException Differs(int first, ReadOnlySpan<long> firstShape, int other, ReadOnlySpan<long> otherShape) => new(
        $"The items of one batch must have the same shape: {Name} of item {first} is {Describe.Shape(firstShape)}, of item {other} {Describe.Shape(otherShape)}. " +
        "Crop or pad them to one shape in the data set, or build the batch yourself with dataset.Collate(items => ...).");

    protected DataException Missing(int index) => new($"{Name} of item {index} is null. Expected a value for every item.");
}
