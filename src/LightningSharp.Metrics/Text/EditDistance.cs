using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>How many characters must be inserted, deleted or replaced to get from the prediction to the target.</summary>
/// <remarks>V. Levenshtein, 1966.</remarks>
public sealed class EditDistance : Metric<IReadOnlyList<string>, IReadOnlyList<string>>
{
    private readonly MetricState _values;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="substitutionCost">What replacing a character costs.</param>
    /// <param name="reduction">What becomes of one value per text.</param>
    public EditDistance(int substitutionCost = 1, TextReduction reduction = TextReduction.Mean)
    {
        InputCheck.Positive(GetName(), substitutionCost, nameof(substitutionCost));
        (SubstitutionCost, Reduction) = (substitutionCost, reduction);
        _values = reduction == TextReduction.None ? AddListState("values") : AddState("values", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>What replacing a character costs.</summary>
    public int SubstitutionCost { get; }

    /// <summary>What becomes of one value per text.</summary>
    public TextReduction Reduction { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<string> preds, IReadOnlyList<string> target)
    {
        TextInput.SameCount(GetName(), preds.Count, target.Count);
        var values = new long[preds.Count];
        for (var i = 0; i < values.Length; i++) values[i] = EditOperations.Between(preds[i].ToCharArray(), target[i].ToCharArray(), SubstitutionCost).Distance;
        var row = tensor(values).to(_count.Value.device);
        if (Reduction == TextReduction.None) _values.Append(row);
        else _values.Add(row.sum());
        _count.Add(values.Length);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Reduction switch
    {
        TextReduction.None => _values.Cat(),
        TextReduction.Sum => _values.Value.to(float32),
        _ => _values.Value.div(_count.Value).to(float32),
    };
}
