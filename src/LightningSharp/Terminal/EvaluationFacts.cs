namespace LightningSharp.Terminal;

/// <summary>The results of <c>Validate</c> or <c>Test</c>.</summary>
/// <param name="Stage">Which of them.</param>
/// <param name="Loaders">Names of the loaders: the columns.</param>
/// <param name="Rows">Per metric one value for each loader; NaN-free nulls where a loader did not log it.</param>
internal sealed record EvaluationFacts(Stage Stage, IReadOnlyList<string> Loaders, IReadOnlyList<(string Metric, double?[] Values)> Rows);
