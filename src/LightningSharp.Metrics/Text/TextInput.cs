namespace LightningSharp.Metrics.Text;

/// <summary>Checks of texts.</summary>
internal static class TextInput
{
    internal static void SameCount(string metric, int preds, int target)
    {
        if (preds != target) throw new ArgumentException($"{metric} wants as many targets as predictions. Received: {preds} predictions, {target} targets.");
    }
}
