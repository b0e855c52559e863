namespace LightningSharp.Callbacks;

/// <summary>When a <see cref="Timer"/> looks at the clock.</summary>
public enum TimerInterval
{
    /// <summary>After every batch.</summary>
    Step,

    /// <summary>After every epoch.</summary>
    Epoch,
}
