using LightningSharp.Data;
using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>Writes predictions somewhere while <c>Predict</c> runs: override one of the two methods, or both.</summary>
/// <typeparam name="TOutput">What the module's <c>PredictStep</c> returns.</typeparam>
/// <example><code>
/// sealed class ToFiles : PredictionWriter&lt;Tensor&gt;
/// {
///     protected override void WriteOnBatchEnd(Tensor prediction, IReadOnlyList&lt;long&gt; rows, BatchView batch, int batchIndex, int dataLoaderIndex)
///         =&gt; prediction.save($"{batchIndex}.pt");
/// }
/// </code></example>
public abstract class PredictionWriter<TOutput> : Callback
{
    private readonly List<(TOutput Prediction, IReadOnlyList<long> Rows, int DataLoaderIndex)> _kept = [];
    private readonly WriteInterval _interval;
    private long _next;
    private int _loader = -1;

    /// <summary>Writes at an interval.</summary>
    /// <param name="writeInterval">After batches, at the end, or both.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of these.</exception>
    protected PredictionWriter(WriteInterval writeInterval = WriteInterval.Batch)
        => _interval = writeInterval is WriteInterval.Batch or WriteInterval.Epoch or WriteInterval.BatchAndEpoch ? writeInterval : throw new ArgumentOutOfRangeException(
            nameof(writeInterval), writeInterval, $"{GetType().Name} was given writeInterval = {(int)writeInterval}: expected Batch, Epoch or BatchAndEpoch.");

    /// <summary>Writes the prediction of a batch; it is on the device, and valid until the method returns.</summary>
    /// <param name="prediction">What the step returned.</param>
    /// <param name="rows">Which items of the data set the batch holds, also when the loader shuffles or samples; of loaders that do not know, the positions in their order, from 0.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="batchIndex">Index of the batch in its loader.</param>
    /// <param name="dataLoaderIndex">Index of the loader.</param>
    protected virtual void WriteOnBatchEnd(TOutput prediction, IReadOnlyList<long> rows, BatchView batch, int batchIndex, int dataLoaderIndex)
    {
    }

    /// <summary>Writes all predictions, on the host, in order; they are those that <c>Predict</c> returns.</summary>
    /// <param name="predictions">One entry for each batch: what the step returned, its items as in <see cref="WriteOnBatchEnd"/>, and the index of the loader.</param>
    protected virtual void WriteOnEpochEnd(IReadOnlyList<(TOutput Prediction, IReadOnlyList<long> Rows, int DataLoaderIndex)> predictions)
    {
    }

    /// <inheritdoc/>
    public override void OnPredictStart(HookContext context) => (_next, _loader) = (0, -1);

    /// <inheritdoc/>
    public override void OnPredictBatchEnd(PredictBatchEndContext context)
    {
        if (context.DataLoaderIndex != _loader) (_next, _loader) = (0, context.DataLoaderIndex);
        var rows = new long[context.Batch.Size];
        var indices = context.Batch.Indices;
        for (var i = 0; i < rows.Length; i++) rows[i] = indices?.Count == rows.Length ? indices[i] : _next + i;
        _next += rows.Length;
        if (context.Prediction is not TOutput prediction)
        {
            if (context.Prediction is null) return; // a step that has nothing to say about a batch
            throw new MisconfigurationException(
                $"{GetType().Name} writes predictions of type {typeof(TOutput).Name}, but {context.Module.Module.GetType().Name}.PredictStep returned {context.Prediction.GetType().Name}. Derive from PredictionWriter<{context.Prediction.GetType().Name}>.");
        }

        if (_interval.HasFlag(WriteInterval.Batch)) WriteOnBatchEnd(prediction, rows, context.Batch, context.BatchIndex, context.DataLoaderIndex);
        if (_interval.HasFlag(WriteInterval.Epoch)) _kept.Add((Keep(prediction), rows, context.DataLoaderIndex));
    }

    /// <inheritdoc/>
    public override void OnPredictEpochEnd(HookContext context)
    {
        try
        {
            if (_interval.HasFlag(WriteInterval.Epoch)) WriteOnEpochEnd(_kept);
        }
        finally
        {
            _kept.Clear();
        }
    }

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context) => _kept.Clear();

    // On the host, and no longer the batch's: the same tensors that Predict gives to its caller, who owns them.
    private static TOutput Keep(TOutput prediction)
    {
        var kept = BatchShape<TOutput>.Instance.Map(prediction, new TensorMap(CPU));
        var tensors = new List<Tensor>();
        BatchShape<TOutput>.Instance.Collect(kept, tensors);
        foreach (var tensor in tensors) tensor.DetachFromDisposeScope();
        return kept;
    }
}
