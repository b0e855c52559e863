namespace LightningSharp.Logging;

/// <summary>A logger that can take back rows. A run that resumes at step s repeats what came after its checkpoint: without this those rows would be there twice.</summary>
public interface IRewindableLogger
{
    /// <summary>Removes every row with a step of <paramref name="step"/> or more. Called after <see cref="IMetricLogger.Start"/>, before the first new row.</summary>
    /// <param name="step">Optimizer steps done in the checkpoint: the first step that will be logged again.</param>
    void RewindTo(long step);
}
