namespace LightningSharp;

/// <summary>What a hook without a subject of its own is told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
public readonly record struct HookContext(Trainer Trainer, ILightningModule Module);
