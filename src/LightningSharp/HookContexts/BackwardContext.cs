using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>What the hook before the backward pass is told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Loss">The loss that is about to be differentiated: already divided by the accumulation window and scaled by the precision.</param>
public readonly record struct BackwardContext(Trainer Trainer, ILightningModule Module, Tensor Loss);
