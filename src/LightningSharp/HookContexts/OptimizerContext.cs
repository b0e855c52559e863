using TorchSharp;

namespace LightningSharp;

/// <summary>What a hook around an optimizer is told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Optimizer">The optimizer.</param>
public readonly record struct OptimizerContext(Trainer Trainer, ILightningModule Module, torch.optim.Optimizer Optimizer);
