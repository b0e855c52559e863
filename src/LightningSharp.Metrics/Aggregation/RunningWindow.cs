using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>A value of the latest updates, kept in a ring of fixed size on the device.</summary>
public abstract class RunningWindow : Metric<Tensor>
{
    private readonly MetricState _entries;

    private protected RunningWindow(int window)
    {
        InputCheck.Positive(GetName(), window, nameof(window));
        Window = window;
        _entries = AddState("entries", full(window, float.NaN), StateReduction.Custom, Later);
    }

    /// <summary>How many updates to look back.</summary>
    public int Window { get; }

    /// <summary>Takes in a number of the host.</summary>
    public void Update(double value)
    {
        using var scope = NewDisposeScope();
        Update(tensor(value, float32));
    }

    private protected abstract Tensor Entry(Tensor values);

    private protected abstract Tensor Over(Tensor entries);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var entry = Entry(input.to(float32)).reshape(1);
        _entries.Set(cat([_entries.Value.narrow(0, 1, Window - 1), entry], 0)); // the oldest is first and leaves
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var filled = _entries.Value.narrow(0, Window - Filled, Filled);
        return Over(filled);
    }

    private int Filled => (int)Math.Min(Window, States[0].Value.isnan().logical_not().sum().item<long>()); // a read at Compute

    /// <summary>The last entries of both in order.</summary>
    private Tensor Later(Tensor first, Tensor second)
    {
        var all = cat([first, second], 0);
        var known = all.masked_select(all.isnan().logical_not());
        var keep = Math.Min(Window, known.size(0));
        return cat([full(Window - keep, float.NaN, float32, all.device), known.narrow(0, known.size(0) - keep, keep)], 0);
    }
}
