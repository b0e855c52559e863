using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// Reads the batches of one epoch, knows which is the last, and who owns what: tensors of a batch that the loader made while it was asked for the batch belong to
/// the Trainer and are freed after the step; tensors that existed before belong to the user; others that the loader made on the way stay with the loader
/// (it may cache them) and are freed when nothing refers to them.
/// </summary>
internal sealed class BatchReader<TBatch> : IDisposable, IRunReader
{
    private readonly BatchShape<TBatch> _shape = BatchShape<TBatch>.Instance;
    private readonly IEnumerator<TBatch> _batches;
    private readonly int? _count;
    private readonly bool _peek;
    private readonly List<Tensor> _tensors = [];
    private List<Tensor> _owned = [];
    private List<Tensor> _nextOwned = [];
    private bool _hasNext;
    private bool _isAhead;
    private int _read;
    private readonly IStateful? _stateful;
    private readonly IInterruptible? _interruptible;
    private IReadOnlyDictionary<string, object?>? _stateBeforeCurrent;
    private IReadOnlyDictionary<string, object?>? _stateBeforeNext;
    private Func<int>? _done;
    private Action? _check;
    private CancellationTokenRegistration _cancellation;
    private volatile bool _interrupted;

    /// <summary>Starts an epoch.</summary>
    /// <param name="loader">The loader.</param>
    /// <param name="count">Batches to read, null when unknown.</param>
    /// <param name="strict">Whether the loader promised <paramref name="count"/> batches.</param>
    public BatchReader(IEnumerable<TBatch> loader, int? count, bool strict)
    {
        (_count, _peek) = (count, count is null || !strict);
        _stateful = loader is not IPositioned ? loader as IStateful : null;
        _batches = loader.GetEnumerator();
        _interruptible = _batches as IInterruptible ?? loader as IInterruptible;
    }

    /// <summary>The batch, on the host.</summary>
    public TBatch Current { get; private set; } = default!; // read only after Read returned true

    /// <summary>
    /// Where the loader was before it gave what is not done yet: the current batch while its step runs, or fails, or is never begun; then the one that is read ahead.
    /// Null when the loader itself stands there, or can be told its position.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? StateBefore => !IsCurrentDone ? _stateBeforeCurrent : _peek ? _stateBeforeNext : null;

    /// <summary>Whether the current batch is the epoch's last.</summary>
    public bool IsLast => _peek ? !_hasNext || _read == _count : _read == _count;

    /// <summary>Moves to the next batch; false at the end.</summary>
    public bool Read()
    {
        ReleaseOwned();
        if (_read == _count) return false;
        if (_peek)
        {
            if (!_isAhead) Advance(); // not before: the run can interrupt a reader only once it has it
            _isAhead = true;
            if (!_hasNext) return false;
            Take();
            if (_read != _count) Advance();
            return true;
        }

        Advance();
        if (!_hasNext)
            throw new DataException($"The loader announced {_count} batches but ended after {_read}. Its length must be the number of batches that it gives (does the data set's Count match its items?).");
        Take();
        return true;
    }

    /// <summary>Skips batches of an epoch that a resumed run has trained on already.</summary>
    public void Skip(int batches)
    {
        while (batches-- > 0 && Read())
        {
        }

        ReleaseOwned();
    }

    /// <summary>The loader itself starts behind the batches that were trained on already.</summary>
    public void Continue(int batches) => _read = batches;

    /// <inheritdoc/>
    public int Epoch { get; private set; } = -1;

    /// <inheritdoc/>
    public bool IsCurrentDone => !(_done?.Invoke() < _read);

    /// <inheritdoc/>
    public void Belong(int epoch, Func<int>? done, Action check, CancellationToken cancellation)
    {
        (Epoch, _done, _check) = (epoch, done, check);
        _cancellation = cancellation.UnsafeRegister(static reader => ((IRunReader)reader!).Interrupt(), this); // never null: passed here
    }

    /// <inheritdoc/>
    public void Interrupt()
    {
        _interrupted = true;
        _interruptible?.Interrupt();
    }

    /// <summary>Hands the batch's own tensors to the scope of its step.</summary>
    public void GiveTo(TorchSharp.DisposeScope scope)
    {
        foreach (var tensor in _owned) scope.Attach(tensor);
        _owned.Clear();
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        ReleaseOwned();
        foreach (var tensor in _nextOwned) tensor.Dispose();
        _nextOwned.Clear();
        _batches.Dispose();
    }

    private void Take()
    {
        Current = _next!; // read by Advance before
        (_owned, _nextOwned) = (_nextOwned, _owned);
        _stateBeforeCurrent = _stateBeforeNext;
        _read++;
    }

    private TBatch? _next;

    private void Advance()
    {
        _stateBeforeNext = _stateful?.StateDict();
        using var scope = NewDisposeScope();
        _hasNext = MoveNext();
        _next = _hasNext ? _batches.Current : default;
        if (_hasNext && _next is null)
            throw new DataException($"The loader gave null as batch {_read}. A batch must hold the data of a step; leave it out instead of giving null.");
        if (scope.DisposablesCount == 0) return;
        if (_hasNext) Adopt(scope);
        scope.Detach(scope.DisposablesView);
    }

    private bool MoveNext()
    {
        try
        {
            return _batches.MoveNext();
        }
        catch (OperationCanceledException) when (_interrupted)
        {
            _check?.Invoke();
            throw;
        }
    }

    private void Adopt(TorchSharp.DisposeScope scope)
    {
        _tensors.Clear();
        _shape.Collect(_next!, _tensors); // not null: checked above
        foreach (var tensor in _tensors)
        {
            if (!scope.Contains(tensor)) continue;
            scope.Detach(tensor);
            _nextOwned.Add(tensor);
        }
    }

    private void ReleaseOwned()
    {
        foreach (var tensor in _owned) tensor.Dispose();
        _owned.Clear();
    }
}
