namespace LightningSharp.Optimization;

/// <summary>Limits gradients, over the parameters of one optimizer.</summary>
internal static class GradientClip
{
    public static void Apply(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (clipVal is { } given && options.GradientClipVal is { } set && (given != set || algorithm != options.GradientClipAlgorithm))
        {
            throw new MisconfigurationException(
                $"ClipGradients was called with {given} ({algorithm}), but the Trainer has {nameof(TrainerOptions.GradientClipVal)} = {set} ({options.GradientClipAlgorithm}). "
                + "Use one of the two.");
        }

        var limit = clipVal ?? options.GradientClipVal ?? 0;
        if (limit <= 0) return;
        if (algorithm == GradientClipAlgorithm.Norm) Gradients.ClipNorm(optimizer.ParameterArray, limit).Dispose();
        else Gradients.ClipValue(optimizer.ParameterArray, limit);
    }
}
