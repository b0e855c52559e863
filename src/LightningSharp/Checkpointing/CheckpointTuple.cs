using System.Collections;

namespace LightningSharp.Checkpointing;

/// <summary>
/// A Python tuple: a list that cannot change. Python's optimizers expect tuples in places (<c>betas</c>). When writing, C# tuples
/// such as <c>(0.9, 0.999)</c> do as well; what is read back is this type.
/// </summary>
/// <param name="items">The items, in order.</param>
public sealed class CheckpointTuple(params IEnumerable<object?> items) : IReadOnlyList<object?>, IEquatable<CheckpointTuple>
{
    private readonly object?[] _items = [.. items];

    /// <summary>The number of items.</summary>
    public int Count => _items.Length;

    /// <summary>The item at a position, from 0.</summary>
    public object? this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(CheckpointTuple? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CheckpointTuple);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The items in round brackets.</summary>
    public override string ToString() => $"({string.Join(", ", _items)})";
}
