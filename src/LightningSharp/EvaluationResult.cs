using System.Collections;

namespace LightningSharp;

/// <summary>The metrics of one evaluation loader.</summary>
/// <param name="Name">The loader's name; empty when there is only one.</param>
/// <param name="Metrics">Name to value over the whole loader.</param>
public sealed record LoaderResult(string Name, IReadOnlyDictionary<string, double> Metrics);

/// <summary>What <c>Validate</c> and <c>Test</c> give back: the metrics of each loader.</summary>
/// <param name="loaders">The loaders' results in order.</param>
public sealed class EvaluationResult(IReadOnlyList<LoaderResult> loaders) : IReadOnlyList<LoaderResult>
{
    /// <inheritdoc/>
    public int Count => loaders.Count;

    /// <inheritdoc/>
    public LoaderResult this[int index] => loaders[index];

    /// <summary>A metric of the only loader, or of the first one that has it.</summary>
    /// <exception cref="KeyNotFoundException">No loader has it; the message lists what there is.</exception>
    public double this[string metric]
    {
        get
        {
            foreach (var loader in loaders)
            {
                if (loader.Metrics.TryGetValue(metric, out var value)) return value;
            }

            throw new KeyNotFoundException($"No metric '{metric}'. Available: {string.Join(", ", loaders.SelectMany(loader => loader.Metrics.Keys).Distinct())}.");
        }
    }

    /// <summary>The metrics in one line: <c>test_acc 0.9057, test_loss 0.31</c>; with several loaders one line for each.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine, loaders.Select(loader => (loader.Name.Length == 0 ? string.Empty : loader.Name + ": ") + NamedNumbers.Text(loader.Metrics)));

    /// <inheritdoc/>
    public IEnumerator<LoaderResult> GetEnumerator() => loaders.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
