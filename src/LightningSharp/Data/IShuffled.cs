namespace LightningSharp.Data;

/// <summary>A loader that may shuffle; overfitting on a few batches needs the same ones every time.</summary>
internal interface IShuffled
{
    bool Shuffle { get; }

    void UseSequentialOrder();
}
