namespace LightningSharp;

/// <summary>What the exception hook is told.</summary>
/// <param name="Trainer">The Trainer that runs.</param>
/// <param name="Module">The module that it runs.</param>
/// <param name="Exception">What ended the run.</param>
public readonly record struct ExceptionContext(Trainer Trainer, ILightningModule Module, Exception Exception);
