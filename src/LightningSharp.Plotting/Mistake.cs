using LightningSharp.Logging;

namespace LightningSharp.Plotting;

/// <summary>One example that the model got wrong.</summary>
/// <param name="Image">The input.</param>
/// <param name="True">The right class.</param>
/// <param name="Predicted">The class the model chose.</param>
/// <param name="Probability">How sure it was, 0 to 1.</param>
public sealed record Mistake(ImageData Image, string True, string Predicted, double Probability);
