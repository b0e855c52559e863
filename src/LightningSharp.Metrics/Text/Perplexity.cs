using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>How surprised a language model is: the exponential of the mean negative log-likelihood of the right tokens.</summary>
/// <remarks>exp(−Σ ln p / n) for logits [N, length, vocabulary] and token ids [N, length].</remarks>
public sealed class Perplexity : Metric<Tensor, Tensor>
{
    private readonly MetricState _loss;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="ignoreIndex">Tokens with this id do not count, such as padding.</param>
    public Perplexity(long? ignoreIndex = null)
    {
        IgnoreIndex = ignoreIndex;
        _loss = AddState("loss", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>Tokens with this id do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.Dimensions(GetName(), preds, "preds", 3, "[N, length, vocabulary]");
        InputCheck.Dimensions(GetName(), target, "target", 2, "[N, length]");
        InputCheck.Floating(GetName(), preds, "preds");
        InputCheck.WholeNumbers(GetName(), target, "target");
        InputCheck.SameShape(GetName(), preds.select(2, 0), target);
        if (ChecksValues(preds)) InputCheck.LabelValues(GetName(), target, "target", preds.size(2), IgnoreIndex);
        var (scores, ids) = (preds.to(float32).reshape(-1, preds.size(2)), target.to(int64).flatten());
        var counting = IgnoreIndex is { } index ? ids.IsNot(index) : ones_like(ids, dtype: @bool);
        var safe = where(counting, ids, zeros_like(ids));
        var losses = scores.log_softmax(1).gather(1, safe.unsqueeze(1)).squeeze(1).neg();
        _loss.Add(where(counting, losses, zeros_like(losses)).sum(float64));
        _count.Add(counting.sum());
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _loss.Value.div(_count.Value).exp().to(float32);
}
