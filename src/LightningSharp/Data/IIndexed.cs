namespace LightningSharp.Data;

/// <summary>A loader that knows which items of its data set a batch holds.</summary>
internal interface IIndexed
{
    /// <summary>The items of batch <paramref name="batch"/> of the current epoch; null when they have no numbers, as in a stream.</summary>
    int[]? IndicesOf(int batch);
}
