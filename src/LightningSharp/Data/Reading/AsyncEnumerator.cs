using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>Takes the batches that an <see cref="AsyncPump{TBatch}"/> has ready.</summary>
internal sealed class AsyncEnumerator<TBatch> : AheadEnumerator<TBatch>
{
    private readonly AsyncPump<TBatch> _pump;

    public AsyncEnumerator(IAsyncEnumerable<TBatch> batches, int capacity, CancellationToken cancellation)
        : this(new AsyncPump<TBatch>(batches, capacity), cancellation)
    {
    }

    private AsyncEnumerator(AsyncPump<TBatch> pump, CancellationToken cancellation)
        : base(pump, cancellation) => _pump = pump;

    protected override bool Take(out TBatch? batch)
    {
        if (!_pump.Next(Token, out batch, out var made))
            return false;
        Adopt(made);
        return true;
    }

    // As if this thread had made them: into the scope that is open here, if one is.
    private static void Adopt(Tensor[] made)
    {
        if (made.Length == 0)
            return;
        using var scope = NewDisposeScope();
        foreach (var tensor in made)
        {
            scope.Attach(tensor);
            tensor.MoveToOuterDisposeScope();
        }
    }
}
