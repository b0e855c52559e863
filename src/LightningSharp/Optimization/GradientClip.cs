namespace LightningSharp.Optimization;

/// <summary>Limits gradients, over the parameters of one optimizer.</summary>
internal static class GradientClip
{
    public static void Apply(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm? asked, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var algorithm = asked ?? options.GradientClipAlgorithm;
        if (!Enum.IsDefined(algorithm)) throw new ArgumentOutOfRangeException(nameof(asked), (int)algorithm, $"ClipGradients was called with the algorithm {(int)algorithm}: expected Norm or Value.");
        if (options.GradientClipVal is { } set && ((clipVal ?? set) != set || algorithm != options.GradientClipAlgorithm))
        {
            throw new MisconfigurationException(
                $"ClipGradients was called with {(clipVal ?? set).ToString(System.Globalization.CultureInfo.InvariantCulture)} ({algorithm}), but the Trainer has {nameof(TrainerOptions.GradientClipVal)} = {set} ({options.GradientClipAlgorithm}). "
                + "Use one of the two.");
        }

        var limit = clipVal ?? options.GradientClipVal ?? 0;
        if (limit <= 0) return;
        if (algorithm == GradientClipAlgorithm.Norm) Gradients.ClipNorm(optimizer.ParameterArray, limit).Dispose();
        else Gradients.ClipValue(optimizer.ParameterArray, limit);
    }
}
