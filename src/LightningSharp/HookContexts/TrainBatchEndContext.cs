using LightningSharp.Data;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>What the end of a training batch is told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Loss">The detached loss as the user's step returned it; null when the batch was skipped or the module optimizes manually and returned none.</param>
/// <param name="Batch">The batch, on the device; valid until the hook returns.</param>
/// <param name="BatchIndex">Index of the batch in its epoch, from 0.</param>
public readonly record struct TrainBatchEndContext(Trainer Trainer, ILightningModule Module, Tensor? Loss, BatchView Batch, int BatchIndex);
