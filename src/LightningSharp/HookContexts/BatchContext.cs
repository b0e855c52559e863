using LightningSharp.Data;

namespace LightningSharp;

/// <summary>What a batch hook is told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Batch">The batch, on the device; valid until the hook returns.</param>
/// <param name="BatchIndex">Index of the batch in its epoch and loader, from 0.</param>
/// <param name="DataLoaderIndex">Index of the loader, 0 while training.</param>
public readonly record struct BatchContext(Trainer Trainer, ILightningModule Module, BatchView Batch, int BatchIndex, int DataLoaderIndex);
