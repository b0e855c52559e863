using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Keeps an exponential moving average of the weights: <c>average = decay · average + (1 − decay) · weights</c>. See <see cref="WeightAveraging"/> for where it is used.
/// </summary>
/// <example><code>Callbacks = [new EMAWeightAveraging(decay: 0.999)]</code></example>
public sealed class EMAWeightAveraging : WeightAveraging
{
    private readonly double _weight;
    private readonly int _everyNSteps;
    private readonly long? _startStep;
    private readonly int? _startEpoch;

    /// <summary>Averages weights.</summary>
    /// <param name="decay">How much of the old average stays, 0 to 1.</param>
    /// <param name="updateEveryNSteps">Steps between two updates.</param>
    /// <param name="updateStartingAtStep">Index of the first optimizer step that may update; null from the start.</param>
    /// <param name="updateStartingAtEpoch">From this epoch on also update at the end of every epoch; null never.</param>
    /// <param name="device">Where the average is kept; null where the model is.</param>
    /// <param name="useBuffers">Average buffers as well; otherwise the latest ones are taken.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public EMAWeightAveraging(
        double decay = 0.999, int updateEveryNSteps = 1, long? updateStartingAtStep = null, int? updateStartingAtEpoch = null, Device? device = null, bool useBuffers = true)
        : base(device, useBuffers)
    {
        if (decay is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(decay), decay, FormattableString.Invariant($"EMAWeightAveraging was given decay = {decay}: expected 0 to 1, usually 0.99 to 0.9999."));
        if (updateEveryNSteps < 1) throw new ArgumentOutOfRangeException(nameof(updateEveryNSteps), updateEveryNSteps, $"EMAWeightAveraging was given updateEveryNSteps = {updateEveryNSteps}: expected 1 or more.");
        if (updateStartingAtStep < 0) throw new ArgumentOutOfRangeException(nameof(updateStartingAtStep), updateStartingAtStep, $"EMAWeightAveraging was given updateStartingAtStep = {updateStartingAtStep}: expected 0 or more.");
        if (updateStartingAtEpoch < 0) throw new ArgumentOutOfRangeException(nameof(updateStartingAtEpoch), updateStartingAtEpoch, $"EMAWeightAveraging was given updateStartingAtEpoch = {updateStartingAtEpoch}: expected 0 or more.");
        (_weight, _everyNSteps, _startStep, _startEpoch) = (1 - decay, updateEveryNSteps, updateStartingAtStep, updateStartingAtEpoch);
    }

    /// <inheritdoc/>
    protected override bool ShouldUpdate(long? step, int? epoch)
        => (step is { } index && index >= (_startStep ?? 0) && index % _everyNSteps == 0) || (epoch is { } number && number >= _startEpoch);

    /// <inheritdoc/>
    protected override double Weight(long averaged) => _weight;
}
