namespace LightningSharp.Logging;

/// <summary>What the caller of <c>Log</c> asked for; null means: by place.</summary>
internal readonly record struct LogOptions(
    bool ProgressBar, bool? OnStep, bool? OnEpoch, Reduction Reduction, int? BatchSize, bool Logger, bool AddDataLoaderIndex);
