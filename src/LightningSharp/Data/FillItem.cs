namespace LightningSharp.Data;

/// <summary>Writes one item of a data set into the memory of a batch.</summary>
/// <typeparam name="TElement">What the item consists of.</typeparam>
/// <param name="index">Which item.</param>
/// <param name="destination">Room for exactly one item, uninitialised: all of it must be written.</param>
public delegate void FillItem<TElement>(int index, Span<TElement> destination);
