using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>One metric per task of a model with several heads. An update is given predictions and targets by task name.</summary>
public sealed class MultitaskWrapper : Metric<IReadOnlyDictionary<string, (Tensor Preds, Tensor Target)>>
{
    private readonly Dictionary<string, Metric<Tensor, Tensor>> _tasks;

    /// <summary>Creates the wrapper.</summary>
    /// <param name="tasks">Task name to metric; owned from now on.</param>
    public MultitaskWrapper(IReadOnlyDictionary<string, Metric<Tensor, Tensor>> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count == 0) throw new ArgumentException("MultitaskWrapper wants at least one task. Received none.", nameof(tasks));
        _tasks = new(tasks);
        foreach (var (name, metric) in _tasks) AddChild(name.Replace('.', '_'), metric);
    }

    /// <summary>The value of each task by name.</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts() => _tasks.ToDictionary(t => t.Key, t => t.Value.Compute());

    /// <inheritdoc/>
    protected override Tensor? DeviceSample(IReadOnlyDictionary<string, (Tensor Preds, Tensor Target)> input)
        => input?.Values.Select(v => v.Preds).FirstOrDefault();

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyDictionary<string, (Tensor Preds, Tensor Target)> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!_tasks.Keys.ToHashSet().SetEquals(input.Keys))
        {
            throw new ArgumentException($"{GetName()} wants inputs for the tasks {string.Join(", ", _tasks.Keys)}. Received: {string.Join(", ", input.Keys)}.", nameof(input));
        }

        foreach (var (name, metric) in _tasks) metric.Update(input[name].Preds, input[name].Target);
    }

    /// <summary>The values in the order of the tasks; every one a single number.</summary>
    protected override Tensor ComputeValue() => stack(_tasks.Values.Select(m => m.Compute()), 0);

    /// <inheritdoc/>
    protected override Metric CreateFresh() => new MultitaskWrapper(_tasks.ToDictionary(t => t.Key, t => (Metric<Tensor, Tensor>)t.Value.Clone()));
}
