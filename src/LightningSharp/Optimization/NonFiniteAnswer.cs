namespace LightningSharp.Optimization;

/// <summary>What follows when a loss or gradients are not finite, as <see cref="TrainerOptions.OnNonFinite"/> says; said once.</summary>
/// <param name="trainer">The Trainer that runs.</param>
/// <param name="leftOut">What is left out when it is to be skipped.</param>
/// <param name="suspects">Where such numbers come from.</param>
internal sealed class NonFiniteAnswer(Trainer trainer, string leftOut, string suspects)
{
    private bool _said;

    /// <param name="finding">What was found, in the present tense: <c>loss is NaN</c>.</param>
    /// <param name="reason">The same as the reason of a stop.</param>
    /// <returns>Whether it may reach the weights all the same.</returns>
    public bool Give(string finding, string reason)
    {
        var action = trainer.Options.OnNonFinite;
        var place = $"in epoch {trainer.Progress.Epoch}, batch {trainer.BatchIndex}";
        if (!_said)
        {
            _said = true;
            trainer.Messages.Warn(
                MessageId.NonFinite,
                $"The {finding} {place}, step {trainer.GlobalStep} (said once; {Consequence(action)}). Lower the learning rate, set {nameof(TrainerOptions.GradientClipVal)}, look for {suspects}; "
                + $"{nameof(TrainerOptions.DetectAnomaly)} = true names the operation. {nameof(TrainerOptions.OnNonFinite)} decides what follows.");
        }

        if (action == NonFiniteAction.Stop)
        {
            trainer.Stop(StopReason.NonFinite, $"{reason} {place}");
            trainer.Interrupt(StopReason.NonFinite, $"{reason} {place}");
        }

        return action == NonFiniteAction.Warn;
    }

    private string Consequence(NonFiniteAction action) => action switch
    {
        NonFiniteAction.Skip => $"the {leftOut} is left out",
        NonFiniteAction.Stop => "training stops, the weights are those of the step before",
        _ => "training goes on, the weights are most likely lost",
    };
}
