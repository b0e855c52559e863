namespace LightningSharp.Metrics.Classification;

/// <summary>What the scores are that a metric is given. Labels are not touched by it.</summary>
public enum ScoreKind
{
    /// <summary>
    /// torchmetrics' rule: a batch with a value outside 0…1 is taken for logits as a whole, any other for probabilities. Logits that happen to lie within
    /// 0…1 are misread: say <see cref="Logits"/> where a model gives logits.
    /// </summary>
    Auto,

    /// <summary>
    /// Probabilities: a value outside 0…1 or NaN, and classes that do not add up to 1 within 0.001 (0.01 in bfloat16, which has three digits), are an error where
    /// <see cref="Metric.ValidateArgs"/> checks values. What <c>ignoreIndex</c> leaves out may be anything.
    /// </summary>
    Probabilities,

    /// <summary>Logits: always passed through a sigmoid, or a softmax over classes.</summary>
    Logits,
}
