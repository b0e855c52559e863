using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>A metric of one output applied to each of several: one value per output.</summary>
public sealed class MultioutputWrapper : Metric<Tensor, Tensor>
{
    private readonly Func<Metric<Tensor, Tensor>> _create;
    private readonly Metric<Tensor, Tensor>[] _metrics;

    /// <summary>Creates the wrapper.</summary>
    /// <param name="create">Makes the metric of one output.</param>
    /// <param name="numOutputs">How many outputs there are.</param>
    /// <param name="outputDim">The dimension of the inputs that holds the outputs.</param>
    /// <param name="removeNans">Whether samples with NaN are left out of an output. Reads the device.</param>
    public MultioutputWrapper(Func<Metric<Tensor, Tensor>> create, int numOutputs, int outputDim = -1, bool removeNans = true)
    {
        ArgumentNullException.ThrowIfNull(create);
        InputCheck.Positive(GetName(), numOutputs, nameof(numOutputs));
        (_create, NumOutputs, OutputDim, RemoveNans) = (create, numOutputs, outputDim, removeNans);
        _metrics = new Metric<Tensor, Tensor>[numOutputs];
        for (var i = 0; i < numOutputs; i++) _metrics[i] = AddChild($"output_{i}", create());
    }

    /// <summary>How many outputs there are.</summary>
    public int NumOutputs { get; }

    /// <summary>The dimension of the inputs that holds the outputs.</summary>
    public int OutputDim { get; }

    /// <summary>Whether samples with NaN are left out.</summary>
    public bool RemoveNans { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => _metrics[0].HigherIsBetter;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var dim = OutputDim < 0 ? preds.dim() + OutputDim : OutputDim;
        InputCheck.Size(GetName(), preds, "preds", (int)dim, NumOutputs, "outputs");
        for (var i = 0; i < NumOutputs; i++)
        {
            var (p, t) = (preds.select(dim, i), target.select(OutputDim < 0 ? target.dim() + OutputDim : OutputDim, i));
            if (RemoveNans)
            {
                var good = p.isnan().logical_or(t.isnan()).logical_not();
                (p, t) = (p.masked_select(good), t.masked_select(good));
                if (p.numel() == 0) continue;
            }

            _metrics[i].Update(p, t);
        }
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => stack(_metrics.Select(m => m.Compute()), 0);

    /// <inheritdoc/>
    protected override Metric CreateFresh() => new MultioutputWrapper(_create, NumOutputs, OutputDim, RemoveNans);
}
