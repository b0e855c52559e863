namespace LightningSharp.Data.Combining;

/// <summary>One of the loaders that are read together.</summary>
internal abstract class Part
{
    /// <summary>Batches per pass, or null when unknown.</summary>
    public abstract int? Count { get; }

    /// <summary>The loader as one that may shuffle; null when it cannot.</summary>
    public abstract IShuffled? Shuffled { get; }

    /// <summary>Whether the typed part holds a batch rather than nothing.</summary>
    public bool HasCurrent { get; protected set; }

    /// <summary>Batches given in this pass.</summary>
    public int Taken { get; protected set; }

    /// <summary>Whether a pass has been completed in this epoch.</summary>
    public bool Ended { get; set; }

    public abstract void SetEpoch(int epoch);

    /// <summary>Begins a pass; after <see cref="Restore"/> with the batches that were left.</summary>
    public abstract void Start();

    public abstract bool MoveNext();

    /// <summary>Gives nothing for the current step.</summary>
    public abstract void Clear();

    public abstract void Stop();

    /// <summary>See <see cref="IInterruptible.Interrupt"/>.</summary>
    public abstract void Interrupt();

    public abstract Dictionary<string, object?> Save();

    public abstract void Restore(IReadOnlyDictionary<string, object?> state);
}
