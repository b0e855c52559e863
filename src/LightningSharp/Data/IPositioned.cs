namespace LightningSharp.Data;

/// <summary>A loader that can begin in the middle of an epoch without reading what comes before.</summary>
internal interface IPositioned
{
    /// <summary>The next enumeration begins with batch <paramref name="batch"/> of <paramref name="epoch"/>.</summary>
    void StartAt(int epoch, int batch);
}
