using LightningSharp.Callbacks;

namespace LightningSharp.Terminal;

/// <summary>
/// What the callbacks know about the best epoch: the metric that a checkpoint callback follows (else early stopping), its best value, and the file to show at the end.
/// </summary>
/// <param name="Monitor">The metric; null when none is followed.</param>
/// <param name="Score">Its best value so far; null before the first.</param>
/// <param name="Path">The best file, or the latest; null before the first.</param>
internal readonly record struct BestMark(string? Monitor, double? Score, string? Path)
{
    public static BestMark Of(Trainer trainer)
    {
        BestMark? any = null;
        foreach (var callback in trainer.Callbacks)
        {
            if (callback is not ModelCheckpoint checkpoint) continue;
            var path = checkpoint.BestModelPath is { Length: > 0 } best ? best : checkpoint.LastModelPath is { Length: > 0 } last ? last : null;
            if (checkpoint.Monitor is { } monitor) return new(monitor, checkpoint.BestModelScore, path);
            any ??= new(null, null, path);
        }

        foreach (var callback in trainer.Callbacks)
        {
            if (callback is EarlyStopping stopping && double.IsFinite(stopping.BestScore)) return new(stopping.Monitor, stopping.BestScore, any?.Path);
        }

        return any ?? default;
    }
}
