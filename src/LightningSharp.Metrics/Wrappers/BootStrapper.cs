using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>How sure a value is: the same metric over many random re-samplings of each batch.</summary>
/// <remarks>Each copy sees every sample a Poisson(1) number of times (B. Efron, 1979; N. Oza and S. Russell, 2001). The draw is seeded and independent of TorchSharp's generator.</remarks>
public sealed class BootStrapper : Metric<Tensor, Tensor>
{
    private readonly Func<Metric<Tensor, Tensor>> _create;
    private readonly Metric<Tensor, Tensor>[] _metrics;
    private readonly Random _random;

    /// <summary>Creates the wrapper.</summary>
    /// <param name="create">Makes the metric.</param>
    /// <param name="numBootstraps">How many copies.</param>
    /// <param name="seed">The seed of the draw.</param>
    public BootStrapper(Func<Metric<Tensor, Tensor>> create, int numBootstraps = 10, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(create);
        InputCheck.Classes(GetName(), numBootstraps, nameof(numBootstraps));
        (_create, NumBootstraps, Seed, _random) = (create, numBootstraps, seed, new Random(seed));
        _metrics = new Metric<Tensor, Tensor>[numBootstraps];
        for (var i = 0; i < numBootstraps; i++) _metrics[i] = AddChild($"copy_{i}", create());
    }

    /// <summary>How many copies.</summary>
    public int NumBootstraps { get; }

    /// <summary>The seed of the draw.</summary>
    public int Seed { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => _metrics[0].HigherIsBetter;

    /// <summary>The <c>mean</c> and standard deviation (<c>std</c>) over the copies.</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts() => new Dictionary<string, Tensor> { ["mean"] = Compute(), ["std"] = Values().std([0L]) };

    /// <summary>The value of each copy.</summary>
    public Tensor Values() => stack(_metrics.Select(m => m.Compute()), 0);

    /// <summary>The <paramref name="q"/>-quantile over the copies, 0 … 1.</summary>
    public Tensor Quantile(double q)
    {
        InputCheck.Fraction(GetName(), q, nameof(q));
        return Values().quantile(tensor((float)q), 0);
    }

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var indices = new List<long>();
        foreach (var metric in _metrics)
        {
            indices.Clear();
            for (var row = 0L; row < preds.size(0); row++)
            {
                for (var times = Poisson(); times > 0; times--) indices.Add(row);
            }

            if (indices.Count == 0) continue;
            var chosen = tensor(indices.ToArray()).to(preds.device);
            metric.Update(preds.index_select(0, chosen), target.index_select(0, chosen));
        }
    }

    /// <summary>The mean over the copies.</summary>
    protected override Tensor ComputeValue() => Values().mean([0L]);

    /// <inheritdoc/>
    protected override Metric CreateFresh() => new BootStrapper(_create, NumBootstraps, Seed);

    /// <summary>Knuth's method for a mean of one.</summary>
    private int Poisson()
    {
        var (limit, product, count) = (Math.Exp(-1), 1.0, -1);
        do
        {
            product *= _random.NextDouble();
            count++;
        }
        while (product > limit);
        return count;
    }
}
