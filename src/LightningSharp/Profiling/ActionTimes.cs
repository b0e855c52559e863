namespace LightningSharp.Profiling;

/// <summary>What one action of a run took.</summary>
/// <param name="action">Its name.</param>
public sealed class ActionTimes(string action)
{
    /// <summary>The name, such as <c>[LightningModule]Cnn.TrainingStep</c>.</summary>
    public string Action { get; } = action;

    /// <summary>How often it ended.</summary>
    public long Calls { get; private set; }

    /// <summary>Time from begin to end, summed up.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>The same without the actions inside it.</summary>
    public TimeSpan Self { get; private set; }

    internal void Add(TimeSpan whole, TimeSpan self)
    {
        Calls++;
        Total += whole;
        Self += self;
    }
}
