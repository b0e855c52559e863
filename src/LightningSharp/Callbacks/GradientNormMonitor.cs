using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Logs the norm of the gradients of all parameters as <c>grad_norm</c>, before clipping, whenever step values are logged; with several optimizers <c>grad_norm-0</c>, <c>grad_norm-1</c>.
/// </summary>
/// <param name="normType">The order of the norm; infinity for the largest element.</param>
/// <param name="perParameter">Also log each parameter's norm, as <c>grad_norm/name</c>.</param>
/// <example><code>Callbacks = [new GradientNormMonitor()]</code></example>
public sealed class GradientNormMonitor(double normType = 2, bool perParameter = false) : Callback
{
    private readonly double _normType = normType > 0 ? normType : throw new ArgumentOutOfRangeException(
        nameof(normType), normType, FormattableString.Invariant($"GradientNormMonitor was given normType = {normType}: expected above 0, usually 2, or infinity."));

    /// <inheritdoc/>
    public override void OnBeforeOptimizerStep(OptimizerContext context)
    {
        if (!context.Trainer.IsLogStep) return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var total = 0.0;
        var index = context.Trainer.Optimizers.ToList().FindIndex(optimizer => ReferenceEquals(optimizer.Optimizer, context.Optimizer));
        var own = context.Trainer.Optimizers[index].Parameters.Select(parameter => parameter.Handle).ToHashSet();
        foreach (var (name, parameter) in context.Module.Module.named_parameters())
        {
            if (!own.Contains(parameter.Handle) || parameter.grad is not { } gradient) continue;
            var norm = MetricValue.ReadTensor(linalg.vector_norm(gradient, _normType)); // waits for an accelerator, at log steps only
            total = double.IsPositiveInfinity(_normType) ? Math.Max(total, norm) : total + Math.Pow(norm, _normType);
            if (perParameter) context.Module.Log($"grad_norm/{name}", norm);
        }

        var key = context.Trainer.Optimizers.Count > 1 ? $"grad_norm-{index}" : "grad_norm";
        context.Module.Log(key, double.IsPositiveInfinity(_normType) ? total : Math.Pow(total, 1 / _normType));
    }
}
