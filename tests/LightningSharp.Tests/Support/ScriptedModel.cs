using static TorchSharp.torch;

namespace LightningSharp.Tests.Support;

/// <summary>The tiny model, which logs a fixed sequence by epoch after validation, as the recorded cases do: the last value stays.</summary>
public sealed class ScriptedModel(params double[] metric) : TinyModel
{
    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
    }

    public override void OnValidationEpochEnd() => Log("metric", metric[Math.Min(CurrentEpoch, metric.Length - 1)]);
}
