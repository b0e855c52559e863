using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>A metric over several epochs or runs: a copy for each, and which was best.</summary>
/// <typeparam name="TInput">What an update is given.</typeparam>
/// <param name="metric">The metric to copy; owned from now on.</param>
/// <param name="maximize">Whether larger is better; the metric knows by default.</param>
public sealed class MetricTracker<TInput>(Metric<TInput> metric, bool? maximize = null) : IDisposable
{
    private readonly List<Metric<TInput>> _steps = [];

    /// <summary>Whether larger is better.</summary>
    public bool Maximize { get; } = maximize ?? metric.HigherIsBetter
        ?? throw new ArgumentException($"MetricTracker cannot tell whether a larger {metric.GetName()} is better. Pass maximize.", nameof(maximize));

    /// <summary>How many epochs have begun.</summary>
    public int Steps => _steps.Count;

    /// <summary>Begins the next epoch.</summary>
    public void Increment()
    {
        var next = (Metric<TInput>)metric.Clone();
        next.Reset();
        _steps.Add(next);
    }

    /// <summary>Updates the current epoch.</summary>
    public void Update(TInput input) => Current().Update(input);

    /// <summary>Updates the current epoch and returns the batch's value.</summary>
    public Tensor Forward(TInput input) => Current().Forward(input);

    /// <summary>The current epoch's value.</summary>
    public Tensor Compute() => Current().Compute();

    /// <summary>The values of all epochs, shape [epochs].</summary>
    public Tensor ComputeAll()
    {
        Current();
        return stack(_steps.Select(s => s.Compute()), 0);
    }

    /// <summary>The best value and the epoch that had it, counted from 0. NaN is never best.</summary>
    /// <exception cref="InvalidOperationException">No epoch has a number.</exception>
    public (double Value, int Step) Best()
    {
        using var scope = NewDisposeScope();
        var values = ComputeAll().to(float64).cpu().data<double>().ToArray();
        var best = -1;
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]) && (best < 0 || (Maximize ? values[i] > values[best] : values[i] < values[best]))) best = i;
        }

        return best >= 0 ? (values[best], best) : throw new InvalidOperationException($"MetricTracker: {metric.GetName()} is NaN in all {values.Length} epochs.");
    }

    /// <summary>Forgets the data of the current epoch.</summary>
    public void Reset() => Current().Reset();

    /// <summary>Forgets all epochs.</summary>
    public void ResetAll()
    {
        foreach (var step in _steps) step.Dispose();
        _steps.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ResetAll();
        metric.Dispose();
    }

    private Metric<TInput> Current() => _steps.Count > 0 ? _steps[^1]
        : throw new InvalidOperationException("MetricTracker has no epoch yet. Call Increment() at the start of each epoch.");
}
