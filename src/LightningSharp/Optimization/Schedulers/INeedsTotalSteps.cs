namespace LightningSharp.Optimization;

/// <summary>A schedule whose length is the length of the run: the Trainer fills it in before the first step unless the user gave it.</summary>
public interface INeedsTotalSteps
{
    /// <summary>
    /// The number of scheduler steps in the whole run; null while unknown. Setting it rewrites the learning rates of the current step.
    /// A schedule that was built with a number keeps the user's choice: only set it when it is null.
    /// </summary>
    int? TotalSteps { get; set; }
}
