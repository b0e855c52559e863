using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>
/// A metric made of others by arithmetic: <c>2 * precision * recall / (precision + recall)</c>. It has no data of its own: update the metrics it is made of,
/// and compute this one. Resetting it resets them. It does not own them.
/// </summary>
public sealed class CompositionalMetric : Metric
{
    private readonly Metric[] _operands;
    private readonly Func<Tensor, Tensor, Tensor> _function;

    internal CompositionalMetric(Metric left, Metric? right, Func<Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(left);
        _operands = right is null ? [left] : [left, right];
        _function = function;
    }

    /// <summary>The metrics it is made of.</summary>
    public IReadOnlyList<Metric> Operands => _operands;

    private protected override bool CachesValue => false;

    private protected override bool HasData => Array.TrueForAll(_operands, m => m is CompositionalMetric { HasData: true } || m.UpdateCount > 0);

    /// <summary>Resets the metrics it is made of.</summary>
    public override void Reset()
    {
        foreach (var operand in _operands) operand.Reset();
        base.Reset();
    }

    /// <inheritdoc/>
    protected override Metric CreateFresh()
        => new CompositionalMetric(_operands[0].Clone(), _operands.Length > 1 ? _operands[1].Clone() : null, _function);

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var first = _operands[0].Compute();
        return _function(first, _operands.Length > 1 ? _operands[1].Compute() : first);
    }
}
