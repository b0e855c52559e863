using System.Collections;
using System.Diagnostics.CodeAnalysis;
using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>
/// Several metrics of the same inputs, updated together. Metrics that keep the same statistics (accuracy, precision and F1 of the same classes) form a
/// compute group: the statistics are updated once for all of them.
/// </summary>
/// <typeparam name="TInput">What an update is given.</typeparam>
public class MetricCollection<TInput> : nn.Module, IReadOnlyDictionary<string, Metric<TInput>>
{
    private readonly OrderedDictionary<string, Metric<TInput>> _metrics = [];
    private readonly bool _computeGroups;
    private List<List<Metric<TInput>>>? _groups;

    /// <summary>Creates a collection of named metrics.</summary>
    /// <param name="metrics">Name to metric. The collection disposes them.</param>
    /// <param name="prefix">Put before every name, for example <c>train_</c>.</param>
    /// <param name="postfix">Put behind every name.</param>
    /// <param name="computeGroups">Whether metrics share statistics. Default: true.</param>
    public MetricCollection(IEnumerable<KeyValuePair<string, Metric<TInput>>> metrics, string prefix = "", string postfix = "", bool computeGroups = true)
        : base(nameof(MetricCollection))
    {
        ArgumentNullException.ThrowIfNull(metrics);
        (Prefix, Postfix, _computeGroups) = (prefix, postfix, computeGroups);
        foreach (var (name, metric) in metrics) Add(name, metric);
    }

    /// <summary>Creates a collection of metrics named by their types.</summary>
    public MetricCollection(params Metric<TInput>[] metrics)
        : this(Named(metrics))
    {
    }

    /// <summary>Put before every name.</summary>
    public string Prefix { get; }

    /// <summary>Put behind every name.</summary>
    public string Postfix { get; }

    /// <summary>The names with prefix and postfix, in order.</summary>
    public IEnumerable<string> Keys => _metrics.Keys.Select(FullName);

    /// <summary>The metrics, in order.</summary>
    public IEnumerable<Metric<TInput>> Values => _metrics.Values;

    /// <summary>How many metrics there are.</summary>
    public int Count => _metrics.Count;

    /// <summary>The names of the metrics that share statistics, one list per group.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ComputeGroups
        => [.. Groups().Select(g => (IReadOnlyList<string>)[.. g.Select(m => FullName(_metrics.First(p => ReferenceEquals(p.Value, m)).Key))])];

    /// <summary>The metric of a name, with or without prefix and postfix.</summary>
    public Metric<TInput> this[string key] => TryGetValue(key, out var metric) ? metric
        : throw new KeyNotFoundException($"The collection has no metric \"{key}\". It has: {string.Join(", ", Keys)}.");

    /// <summary>Adds a metric; earlier data is not seen by it.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Metric<TInput> metric)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(metric);
        if (!_metrics.TryAdd(name, metric)) throw new ArgumentException($"The collection already has a metric \"{name}\". Give each its own name.", nameof(name));
        register_module(name.Replace('.', '_'), metric);
        _groups = null;
    }

    /// <summary>Updates every metric with a batch.</summary>
    public void Update(TInput input)
    {
        foreach (var group in Groups())
        {
            group[0].Update(input);
            for (var i = 1; i < group.Count; i++) Follow(group[0], group[i], input);
        }
    }

    /// <summary>Updates every metric and returns the values of this batch alone. The caller's scope owns them.</summary>
    public IReadOnlyDictionary<string, Tensor> Forward(TInput input)
    {
        var values = new Dictionary<string, Tensor>(Count);
        foreach (var group in Groups()) Metric<TInput>.ForwardTogether(group, input);
        foreach (var (name, metric) in _metrics) values[FullName(name)] = metric.BatchValue!.alias(); // set by the forward above
        return values;
    }

    /// <inheritdoc cref="Forward(TInput)"/>
    public IReadOnlyDictionary<string, Tensor> call(TInput input) => Forward(input);

    /// <summary>The values over everything seen. Metrics with several results add one entry each, named <c>metric_result</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> Compute()
    {
        var values = new Dictionary<string, Tensor>(Count);
        foreach (var (name, metric) in _metrics)
        {
            var parts = metric.ComputeNamed();
            foreach (var (part, value) in parts) values[FullName(parts.Count == 1 || part == metric.GetName() ? name : $"{name}_{part}")] = value;
        }

        return values;
    }

    /// <summary>Every metric forgets what it has seen.</summary>
    public void Reset()
    {
        foreach (var metric in _metrics.Values) metric.Reset();
    }

    /// <summary>A collection of clones, with another prefix or postfix if given.</summary>
    public MetricCollection<TInput> Clone(string? prefix = null, string? postfix = null)
        => new(_metrics.Select(p => KeyValuePair.Create(p.Key, (Metric<TInput>)p.Value.Clone())), prefix ?? Prefix, postfix ?? Postfix, _computeGroups);

    /// <summary>Takes in what another collection of the same metrics saw.</summary>
    public void Merge(MetricCollection<TInput> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var group in Groups())
        {
            foreach (var metric in group) metric.LeaveGroup(); // each merges on its own; the next update after a reset joins them again
        }

        foreach (var (name, metric) in _metrics) metric.Merge(other._metrics[name]);
        _groups = null;
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Metric<TInput> value)
    {
        if (_metrics.TryGetValue(key, out value)) return true;
        value = _metrics.FirstOrDefault(p => FullName(p.Key) == key).Value;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Metric<TInput>>> GetEnumerator()
        => _metrics.Select(p => KeyValuePair.Create(FullName(p.Key), p.Value)).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Nothing to register: <see cref="Add"/> did.</summary>
    protected override void RegisterComponents()
    {
    }

    private static IEnumerable<KeyValuePair<string, Metric<TInput>>> Named(Metric<TInput>[] metrics)
        => metrics.Select(m => KeyValuePair.Create(m.GetName(), m));

    private static void Follow(Metric<TInput> leader, Metric<TInput> follower, TInput input)
    {
        if (follower.SharesStatesWith(leader)) follower.CountSharedUpdate();
        else if (follower.UpdateCount == 0 && leader.UpdateCount == 1)
        {
            follower.ShareStatesWith(leader);
            follower.CountSharedUpdate();
        }
        else follower.Update(input); // one of them was reset alone: they share again after the next reset of both
    }

    private string FullName(string name) => Prefix + name + Postfix;

    private List<List<Metric<TInput>>> Groups()
        => _groups ??= [.. _metrics.Values
            .GroupBy(m => _computeGroups && m.StateKey is { } key ? key : (object)m)
            .Select(g => g.ToList())];
}
