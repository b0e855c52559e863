namespace LightningSharp;

/// <summary>What set-up and teardown are told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Stage">The entry point: <see cref="LightningSharp.Stage.Fit"/>, Validate, Test or Predict.</param>
public readonly record struct StageContext(Trainer Trainer, ILightningModule Module, Stage Stage);
