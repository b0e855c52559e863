using Microsoft.Extensions.Logging;

namespace LightningSharp.Terminal;

/// <summary>A message of a logger.</summary>
/// <param name="Level">How serious it is.</param>
/// <param name="Category">Who says it.</param>
/// <param name="Text">What; may have several lines.</param>
internal sealed record LogFacts(LogLevel Level, string Category, string Text);
