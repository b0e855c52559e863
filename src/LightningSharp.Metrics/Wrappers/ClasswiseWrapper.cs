using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>Gives each class's value of a metric without averaging a name: <c>multiclassaccuracy_cat</c>, <c>multiclassaccuracy_dog</c>.</summary>
/// <typeparam name="TInput">What an update is given.</typeparam>
public sealed class ClasswiseWrapper<TInput> : Metric<TInput>
{
    /// <summary>Creates the wrapper.</summary>
    /// <param name="metric">A metric with one value per class; owned from now on.</param>
    /// <param name="labels">The classes' names; their numbers when null.</param>
    /// <param name="prefix">Put before each name instead of the metric's name and an underscore.</param>
    /// <param name="postfix">Put behind each name.</param>
    public ClasswiseWrapper(Metric<TInput> metric, IReadOnlyList<string>? labels = null, string? prefix = null, string? postfix = null)
    {
        (Metric, Labels, Prefix, Postfix) = (AddChild("metric", metric), labels, prefix, postfix);
    }

    /// <summary>The wrapped metric.</summary>
    public Metric<TInput> Metric { get; }

    /// <summary>The classes' names; their numbers when null.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>Put before each name.</summary>
    public string? Prefix { get; }

    /// <summary>Put behind each name.</summary>
    public string? Postfix { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => Metric.HigherIsBetter;

    /// <summary>One value per class, by name.</summary>
    /// <exception cref="InvalidOperationException">The number of names differs from the number of classes.</exception>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts()
    {
        var values = Compute();
        if (values.dim() != 1) throw new InvalidOperationException($"{GetName()} wants a metric with one value per class (Average.None). {Metric.GetName()} gave shape {InputCheck.Shape(values)}.");
        if (Labels is not null && Labels.Count != values.size(0))
        {
            throw new InvalidOperationException($"{GetName()} has {Labels.Count} labels for {values.size(0)} classes. Give one label per class.");
        }

#pragma warning disable CA1308 // the names torchmetrics gives are lower-case
        var start = Prefix ?? (Postfix is null ? Metric.GetName().ToLowerInvariant() + "_" : string.Empty);
#pragma warning restore CA1308
        return Enumerable.Range(0, (int)values.size(0)).ToDictionary(i => $"{start}{Labels?[i] ?? i.ToString(System.Globalization.CultureInfo.InvariantCulture)}{Postfix}", i => values[i]);
    }

    /// <inheritdoc/>
    protected override void UpdateStates(TInput input) => Metric.Update(input);

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Metric.Compute();
}
