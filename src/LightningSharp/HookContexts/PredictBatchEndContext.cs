using LightningSharp.Data;

namespace LightningSharp;

/// <summary>What the end of a predicted batch is told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Prediction">What the step returned.</param>
/// <param name="Batch">The batch, on the device; valid until the hook returns.</param>
/// <param name="BatchIndex">Index of the batch in its loader, from 0.</param>
/// <param name="DataLoaderIndex">Index of the loader.</param>
public readonly record struct PredictBatchEndContext(Trainer Trainer, ILightningModule Module, object? Prediction, BatchView Batch, int BatchIndex, int DataLoaderIndex);
