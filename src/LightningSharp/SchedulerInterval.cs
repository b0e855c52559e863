namespace LightningSharp;

/// <summary>When a scheduler steps.</summary>
public enum SchedulerInterval
{
    /// <summary>After the last batch of an epoch, before its validation and checkpoint.</summary>
    Epoch,

    /// <summary>After a batch whose optimizer stepped.</summary>
    Step,
}
