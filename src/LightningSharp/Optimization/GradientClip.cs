using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

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
        if (algorithm == GradientClipAlgorithm.Norm) ByNorm(optimizer.Parameters, limit);
        else ByValue(optimizer.Parameters, limit);
    }

    // torch.nn.utils.clip_grad_norm_: scale by min(1, limit / (norm + 1e-6)); all on the device, nothing is read to the host.
    private static void ByNorm(IReadOnlyList<Parameter> parameters, double limit)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradients = new List<Tensor>(parameters.Count);
        var norms = new List<Tensor>(parameters.Count);
        foreach (var parameter in parameters)
        {
            if (parameter.grad is not { } gradient) continue;
            gradients.Add(gradient);
            norms.Add(linalg.vector_norm(gradient, 2.0));
        }

        if (gradients.Count == 0) return;
        using Scalar epsilon = 1e-6, one = 1.0, max = limit;
        var total = linalg.vector_norm(stack(norms), 2.0).add_(epsilon);
        var factor = total.reciprocal_().mul_(max).clamp_max_(one);
        foreach (var gradient in gradients) gradient.mul_(factor);
    }

    private static void ByValue(IReadOnlyList<Parameter> parameters, double limit)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using Scalar low = -limit, high = limit;
        foreach (var parameter in parameters) parameter.grad?.clamp_(low, high);
    }
}
