namespace LightningSharp.Data;

/// <summary>A batch as callbacks see it, who do not know its type. Valid until the hook returns: its tensors are freed after the step.</summary>
public abstract class BatchView
{
    /// <summary>The batch as an object; a tuple is boxed.</summary>
    public abstract object? Value { get; }

    /// <summary>Number of samples: the first dimension of the first tensor.</summary>
    public abstract int Size { get; }

    /// <summary>Which items of the data set it holds; null when the loader does not say. Known in prediction.</summary>
    internal IReadOnlyList<int>? Indices { get; set; }

    /// <summary>Whether its tensors disagree in their first dimension; known after <see cref="Size"/> was read.</summary>
    internal virtual bool IsAmbiguous => false;

    /// <summary>The shapes of its tensors, for messages.</summary>
    internal virtual string Shapes => string.Empty;

    /// <summary>The batch as its own type, without boxing.</summary>
    /// <typeparam name="TBatch">The module's batch type.</typeparam>
    /// <exception cref="InvalidCastException">The batch is of another type.</exception>
    public TBatch As<TBatch>()
        => this is BatchView<TBatch> view ? view.Batch : throw new InvalidCastException($"The batch is a {Value?.GetType().Name ?? "null"}, not a {typeof(TBatch).Name}.");
}

/// <summary>The one view that a loop keeps and points at each batch in turn.</summary>
internal sealed class BatchView<TBatch> : BatchView
{
    private int _size = -1;
    private bool _ambiguous;
    private TBatch _batch = default!; // assigned before anybody sees the view

    public TBatch Batch
    {
        get => _batch;
        set => (_batch, _size) = (value, -1);
    }

    public override object? Value => _batch;

    internal override string Shapes
    {
        get
        {
            var tensors = new List<TorchSharp.torch.Tensor>();
            LightningSharp.Data.Shapes.BatchShape<TBatch>.Instance.Collect(_batch, tensors);
            return string.Join(", ", tensors.Where(tensor => !tensor.IsInvalid).Select(tensor => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]"));
        }
    }

    public override int Size => _size >= 0 ? _size : _size = BatchSize.Find(_batch, out _ambiguous);

    internal override bool IsAmbiguous => _ambiguous;
}
