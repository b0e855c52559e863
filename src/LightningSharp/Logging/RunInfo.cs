namespace LightningSharp.Logging;

/// <summary>What a logger is told about the run it serves.</summary>
/// <param name="Directory">The run's folder, for example <c>lightning_logs/version_3</c>; it exists.</param>
/// <param name="Name">The experiment's name, the parent folder's name by default.</param>
/// <param name="Version">The run's name inside the experiment, for example <c>version_3</c>.</param>
public readonly record struct RunInfo(string Directory, string Name, string Version);
