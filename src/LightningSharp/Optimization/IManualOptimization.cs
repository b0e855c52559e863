using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>What a module's own step may ask of the engine.</summary>
internal interface IManualOptimization
{
    void Backward(Tensor loss, ILightningModule module);

    void Step(LightningOptimizer optimizer, Func<Tensor>? closure);
}
