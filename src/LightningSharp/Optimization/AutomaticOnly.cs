using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Answers calls of manual optimization in a module that optimizes automatically.</summary>
internal sealed class AutomaticOnly : IManualOptimization
{
    public void Backward(Tensor loss, ILightningModule module) => throw new MisconfigurationException(
        $"ManualBackward was called by {module.GetType().Name}, which optimizes automatically: the Trainer calls backward on the loss that TrainingStep returns. "
        + $"Remove the call, or set {nameof(ILightningModule.AutomaticOptimization)} = false in the constructor.");

    public void Step(LightningOptimizer optimizer, Func<Tensor>? closure) => throw new InvalidOperationException("Optimizers can be stepped only while Fit runs.");
}
