namespace LightningSharp.Terminal;

/// <summary>Which values make the row of an epoch: those of the epoch, each once. Values of the last step alone would mislead there.</summary>
internal static class EpochMetrics
{
    /// <param name="trainer">The Trainer at the end of an epoch.</param>
    /// <param name="loss">The epoch's mean of the training loss, shown when the module logs none over the epoch.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(Trainer trainer, double? loss)
    {
        var metrics = trainer.Metrics.Callback;
        var (hidden, training) = (new HashSet<string>(), new HashSet<string>());
        foreach (var entry in trainer.Metrics.TrainingEntries)
        {
            training.Add(entry.Name);
            if (!entry.Options.OnStep) continue;
            hidden.Add(entry.StepKey);
            if (entry.Options.OnEpoch) hidden.Add(entry.EpochKey);
        }

        var ours = 0;
        var row = new List<KeyValuePair<string, double>>();
        foreach (var (name, value) in metrics)
        {
            var isSecondName = name.EndsWith("_epoch", StringComparison.Ordinal) && metrics.ContainsKey(name[..^"_epoch".Length]);
            if (hidden.Contains(name) || isSecondName) continue;
            if (training.Contains(name)) row.Insert(ours++, new(name, value)); // training before validation
            else row.Add(new(name, value));
        }

        if (loss is { } mean && !row.Exists(entry => entry.Key is "loss" or "train_loss")) row.Insert(0, new("loss", mean));
        return [.. row.Where(entry => IsLoss(entry.Key)), .. row.Where(entry => !IsLoss(entry.Key))]; // what everybody looks at first, also where width is short
    }

    /// <summary>Whether a name speaks of a loss.</summary>
    public static bool IsLoss(string name) => name.Contains("loss", StringComparison.OrdinalIgnoreCase);
}
