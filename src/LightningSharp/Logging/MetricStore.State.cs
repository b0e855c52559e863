using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;

namespace LightningSharp.Logging;

/// <content>The running values of a training epoch as a checkpoint holds them.</content>
internal sealed partial class MetricStore
{
    public IEnumerable<MetricEntry> TrainingEntries => _training.Entries;

    /// <summary>Remembers the running values of the training epoch as they are at a step boundary.</summary>
    public void MarkBoundary()
    {
        foreach (var entry in _training.Entries) entry.Mark();
    }

    /// <summary>The running values of the training epoch, for a checkpoint.</summary>
    /// <param name="pathOf">Where in the module a metric object is; null for one that is not a part of it.</param>
    /// <param name="atBoundary">Those of the last step boundary instead of now.</param>
    public List<object?> Save(Func<IMetric, string?> pathOf, bool atBoundary = false)
    {
        var saved = new List<object?>();
        foreach (var entry in _training.Entries)
        {
            if (atBoundary ? !entry.WasMarked : !entry.HasValue) continue;
            var settings = entry.Options;
            var state = new Dictionary<string, object?>
            {
                ["hook"] = entry.Hook.ToString(), ["name"] = entry.Name, ["metric"] = entry.Metric?.StateDict(), ["metric_path"] = entry.Metric is null ? null : pathOf(entry.Metric), ["progress_bar"] = settings.ProgressBar,
                ["on_step"] = settings.OnStep, ["on_epoch"] = settings.OnEpoch, ["reduction"] = settings.Reduction.ToString(), ["logger"] = settings.Logger,
            };
            if ((atBoundary ? entry.Marked : entry.Save()) is var (value, weight)) (state["value"], state["weight"]) = (value, weight);
            saved.Add(state);
        }

        return saved;
    }

    /// <summary>Values that a resumed epoch continues with, taken up when their key is logged again.</summary>
    /// <param name="saved">What <see cref="Save"/> returned.</param>
    /// <param name="find">The metric object at a path, its state restored.</param>
    public void Load(IReadOnlyList<object?> saved, Func<string, IMetric?> find)
    {
        foreach (var item in saved)
        {
            if (StateValue.Map(item) is not { } state || StateValue.Text(state, "name") is not { } name || !Enum.TryParse<HookId>(StateValue.Text(state, "hook"), out var hook)) continue;
            if (StateValue.Map(state.GetValueOrDefault("metric")) is null) Restore(hook, name, state);
            else if (StateValue.Text(state, "metric_path") is { } path && find(path) is { } metric) Restore(hook, name, state, metric);
            else KeepForFirstLog(hook, name, state);
        }
    }

    // The object comes with the first Log, after the first update: what that batch added is lost.
    private void KeepForFirstLog(HookId hook, string name, IReadOnlyDictionary<string, object?> state)
    {
        _restored[(hook, name)] = state;
        trainer.Messages.Warn(
            MessageId.InexactResume,
            $"The metric object logged as '{name}' is not in a field of the module: its epoch value will miss one batch. Keep it in a field, where a resume finds it before the first step.");
    }

    private void Restore(HookId hook, string name, IReadOnlyDictionary<string, object?> state, IMetric? metric = null)
    {
        if ((metric is null && state.GetValueOrDefault("value") is null) || !Enum.TryParse<Reduction>(StateValue.Text(state, "reduction"), out var reduction)) return;
        var settings = new MetricEntry.Settings(
            state.GetValueOrDefault("progress_bar") is true, state.GetValueOrDefault("on_step") is true, state.GetValueOrDefault("on_epoch") is true, reduction,
            state.GetValueOrDefault("logger") is true);
        var entry = new MetricEntry(name, string.Empty, hook, settings, metric);
        if (metric is null) entry.Load(StateValue.Double(state, "value"), StateValue.Double(state, "weight"));
        else entry.Restored();
        _training.Add(hook, name, 0, entry);
    }
}
