namespace LightningSharp;

/// <summary>A quick run of a few batches of every stage, to find errors; nothing is logged or saved. <c>true</c> is one batch, a number that many.</summary>
/// <param name="Batches">Batches per stage; 0 is off.</param>
public readonly record struct FastDevRun(int Batches)
{
    /// <summary>True when switched on.</summary>
    public bool IsOn => Batches != 0;

    /// <summary>One batch, or off.</summary>
    public static implicit operator FastDevRun(bool on) => new(on ? 1 : 0);

    /// <summary>So many batches.</summary>
    public static implicit operator FastDevRun(int batches) => new(batches);
}
