using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>A metric over plain values, such as losses. Values of any shape; each element counts.</summary>
public abstract class Aggregator : Metric<Tensor>
{
    private protected Aggregator(NanStrategy? nanStrategy) => NanStrategy = nanStrategy ?? NanStrategy.Ignore;

    /// <summary>What happens with NaN. Default: <see cref="NanStrategy.Ignore"/>, which reads nothing from the device.</summary>
    public NanStrategy NanStrategy { get; }

    private protected bool LeavesNanOut => NanStrategy == NanStrategy.Ignore || NanStrategy == NanStrategy.Warn;

    /// <summary>Takes in a number of the host.</summary>
    public void Update(double value)
    {
        using var scope = NewDisposeScope();
        Update(tensor(value, float32));
    }

    /// <inheritdoc/>
    protected sealed override void UpdateStates(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var values = (input.is_floating_point() ? input : input.to(float32)).flatten();
        if (values.numel() == 0) return;
        var bad = NanStrategy == NanStrategy.Disable ? null : values.isnan();
        if (bad is not null && (NanStrategy == NanStrategy.Error || NanStrategy == NanStrategy.Warn)) Report(bad);
        if (bad is not null && NanStrategy.Value is { } replacement) (values, bad) = (values.nan_to_num(replacement, double.PositiveInfinity, double.NegativeInfinity), null);
        Aggregate(values, bad);
    }

    /// <summary>Takes values in, without those marked bad.</summary>
    private protected abstract void Aggregate(Tensor values, Tensor? bad);

    /// <summary>The values with another in place of the bad ones.</summary>
    private protected static Tensor Replaced(Tensor values, Tensor? bad, double value)
        => bad is null ? values : where(bad, Numbers.FilledLike(values, value), values);

    private void Report(Tensor bad)
    {
        var count = (long)InputCheck.Read(bad.sum()); // only when asked to look
        if (count == 0) return;
        if (NanStrategy == NanStrategy.Error) throw new ArgumentException($"{GetName()} got {count} NaN among {bad.numel()} values. Choose another NanStrategy to leave them out.");
        Logger.LogWarning("{Metric} left out {Count} NaN among {All} values.", GetName(), count, bad.numel());
    }
}
