using LightningSharp.Checkpointing;

namespace LightningSharp;

/// <summary>What the checkpoint hooks are told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Checkpoint">The checkpoint that is about to be written, or was just read.</param>
public readonly record struct CheckpointContext(Trainer Trainer, ILightningModule Module, Checkpoint Checkpoint);
