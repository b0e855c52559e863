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
        _entries = AddState("entries", Numbers.Filled([window], double.NaN, float32), StateReduction.Custom, Later);
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

    /// <summary>The value of the entries; NaN stands in places that are still empty.</summary>
    private protected abstract Tensor Over(Tensor entries);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var entry = Entry(input.to(float32)).reshape(1);
        _entries.Set(cat([_entries.Value.narrow(0, 1, Window - 1), entry], 0)); // the oldest is first and leaves
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Over(_entries.Value);

    /// <summary>The last entries of both in order: a stable sort puts the empty places first, and nobody has to know how many there are.</summary>
    private Tensor Later(Tensor first, Tensor second)
    {
        var all = cat([first, second], 0);
        var order = all.isnan().to(int64).sort(0, descending: true, stable: true).Indices;
        return all.index_select(0, order).narrow(0, all.size(0) - Window, Window);
    }
}
