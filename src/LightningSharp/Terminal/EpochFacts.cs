namespace LightningSharp.Terminal;

/// <summary>A finished epoch.</summary>
/// <param name="Epoch">Its index.</param>
/// <param name="Metrics">Its metrics, in the order in which they were logged first.</param>
/// <param name="LearningRate">The rate at its end, when a scheduler changes it.</param>
/// <param name="SamplesPerSecond">Training throughput without validation.</param>
/// <param name="Elapsed">Wall time with validation.</param>
/// <param name="IsBest">The monitored metric is the best so far.</param>
internal sealed record EpochFacts(
    int Epoch, IReadOnlyList<KeyValuePair<string, double>> Metrics, double? LearningRate, double SamplesPerSecond, TimeSpan Elapsed, bool IsBest);
