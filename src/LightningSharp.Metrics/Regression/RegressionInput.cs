using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>Predictions and targets as float of shape [N] or [N, outputs], checked.</summary>
internal static class RegressionInput
{
    internal static (Tensor Preds, Tensor Target) Columns(string metric, Tensor preds, Tensor target, int outputs)
    {
        InputCheck.SameShape(metric, preds, target);
        if (preds.is_complex()) throw new ArgumentException($"{metric} wants real numbers. Received: {preds.dtype}.");
        if (outputs > 1)
        {
            InputCheck.Dimensions(metric, preds, "preds", 2, $"[N, {outputs}]");
            InputCheck.Size(metric, preds, "preds", 1, outputs, "outputs");
        }

        return (Float(preds).reshape(-1, outputs), Float(target).reshape(-1, outputs));
    }

    /// <summary>At least float32: sums of half precision go wrong after a few thousand numbers.</summary>
    internal static Tensor Float(Tensor values) => values.dtype is ScalarType.Float32 or ScalarType.Float64 ? values : values.to(float32);

    internal static void Outputs(string metric, int numOutputs) => InputCheck.Positive(metric, numOutputs, nameof(numOutputs));
}
