using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// What a training step hands over to the next window of the same batch when sequences are cut over time (<see cref="TrainerOptions.TruncatedBpttSteps"/>): the state of a recurrent
/// layer. It holds what the previous window left; what this window leaves is there from the next one on. Every batch begins with an empty state.
/// </summary>
/// <example><code>
/// public override Tensor? TrainingStep((Tensor X, Tensor Y) window, int batchIndex, HiddenState hidden)
/// {
///     var (output, h, c) = lstm.call(window.X, hidden.IsEmpty ? null : (hidden[0], hidden[1]));
///     hidden.Set(h, c);
///     return functional.mse_loss(head.call(output), window.Y);
/// }
/// </code></example>
public sealed class HiddenState : IDisposable
{
    private Tensor[] _current = [];
    private Tensor[]? _next;

    /// <summary>True in the first window of a batch, and when no window has set anything.</summary>
    public bool IsEmpty => _current.Length == 0;

    /// <summary>How many tensors the previous window left.</summary>
    public int Count => _current.Length;

    /// <summary>Index of the window in its batch, from 0.</summary>
    public int WindowIndex { get; private set; }

    /// <summary>A tensor that the previous window left: detached, no gradient flows through it into that window. Valid until the step returns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The previous window left fewer tensors.</exception>
    public Tensor this[int index] => (uint)index < (uint)_current.Length
        ? _current[index]
        : throw new ArgumentOutOfRangeException(
            nameof(index), index,
            $"hidden[{index}] was read in window {WindowIndex}, which got {_current.Length} tensor(s) from the window before. Ask {nameof(IsEmpty)} first (it is true in the first window), and {nameof(Set)} what the next one needs.");

    /// <summary>Gives tensors to the next window; the Trainer detaches them. A window that sets nothing hands over what it got.</summary>
    /// <param name="tensors">In the order in which the next window reads them.</param>
    public void Set(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        DisposeAll(_next);
        _next = Array.ConvertAll(tensors, tensor => (tensor ?? throw new ArgumentException("HiddenState.Set received a null tensor.", nameof(tensors))).detach().DetachFromDisposeScope());
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose() => Clear();

    /// <summary>The window is over.</summary>
    internal void Advance()
    {
        WindowIndex++;
        if (_next is null) return;
        DisposeAll(_current);
        (_current, _next) = (_next, null);
    }

    /// <summary>A new batch begins.</summary>
    internal void Clear()
    {
        DisposeAll(_current);
        DisposeAll(_next);
        (_current, _next, WindowIndex) = ([], null, 0);
    }

    private static void DisposeAll(Tensor[]? tensors)
    {
        foreach (var tensor in tensors ?? []) tensor.Dispose();
    }
}
