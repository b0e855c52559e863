using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Nominal;

/// <summary>How strongly two categorical variables go together, from the table of their counts. Inputs: category numbers [N] or scores [N, C].</summary>
public abstract class NominalMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _table;

    private protected NominalMetric(int numClasses)
    {
        InputCheck.Classes(GetName(), numClasses, nameof(numClasses));
        NumClasses = numClasses;
        _table = AddState("table", zeros(numClasses, numClasses, int64));
    }

    /// <summary>How many categories the variables have at most.</summary>
    public int NumClasses { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected internal override string? StateKey => $"contingency/{NumClasses}";

    /// <summary>The value from counts with rows for the target, columns for the prediction, none of them empty.</summary>
    private protected abstract double Score(Contingency table);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (p, t) = (Labels(preds), Labels(target));
        InputCheck.SameShape(GetName(), p, t);
        if (ChecksValues(p))
        {
            InputCheck.LabelValues(GetName(), p, "preds", NumClasses, null);
            InputCheck.LabelValues(GetName(), t, "target", NumClasses, null);
        }

        using var width = Numbers.Number(NumClasses, p.device);
        _table.Add(Numbers.Count(t.mul(width).Plus(p), NumClasses * NumClasses).view(NumClasses, NumClasses));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => tensor((float)Score(new Contingency(_table.Value.to(float64).cpu().data<double>().ToArray(), NumClasses)));

    private static Tensor Labels(Tensor values) => values.dim() == 2 ? values.argmax(1) : values.to(int64);
}
