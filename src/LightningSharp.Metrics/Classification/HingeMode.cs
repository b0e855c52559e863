namespace LightningSharp.Metrics.Classification;

/// <summary>How the margin of several classes is measured.</summary>
public enum HingeMode
{
    /// <summary>The score of the true class minus the best other one (K. Crammer and Y. Singer, 2001).</summary>
    CrammerSinger,

    /// <summary>Each class against the rest: one value per class.</summary>
    OneVsAll,
}
