using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;
using LightningSharp.Loops;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Keeps an average of the weights next to those that are trained. Validation inside <c>Fit</c> uses the average, checkpoints hold it as their <c>state_dict</c>, and at
/// the end of training it becomes the model. As long as nothing has been averaged the trained weights are used everywhere.
/// </summary>
/// <remarks>
/// Checkpoints, weights-only ones too: <c>state_dict</c> is the average, <c>current_model_state</c> the trained weights, <c>averaging_state</c> the counter.
/// By default every optimizer step enters with equal weight; derive, or use <see cref="EMAWeightAveraging"/>, for another rule.
/// </remarks>
public class WeightAveraging : Callback, IStateful, IDisposable
{
    private readonly Device? _device;
    private readonly bool _useBuffers;
    private Dictionary<string, Tensor>? _average;
    private (Tensor Average, Tensor Current, bool Blend)[] _pairs = [];
    private bool _swapped;
    private long _latestStep;
    private int _latestEpoch = -1;
    private IntervalClock? _interval;

    /// <summary>Averages weights.</summary>
    /// <param name="device">Where the average is kept; null where the model is.</param>
    /// <param name="useBuffers">Average buffers (running statistics) as well; otherwise the latest ones are taken.</param>
    public WeightAveraging(Device? device = null, bool useBuffers = true) => (_device, _useBuffers) = (device, useBuffers);

    /// <summary>When averaging begins: nothing is averaged before.</summary>
    /// <value>Default: null, at once.</value>
    public Duration? StartAt { get; init; }

    /// <summary>How often weights may enter after optimizer steps, in any unit; <see cref="ShouldUpdate"/> still decides, too.</summary>
    /// <value>Default: null, as <see cref="ShouldUpdate"/> says.</value>
    public Every? UpdateEvery
    {
        get;
        init => field = value is not { IsValid: false } ? value : throw new ArgumentOutOfRangeException(
            nameof(UpdateEvery), value, $"UpdateEvery = {value}: expected a positive number of batches, steps, epochs, samples or seconds, or a fraction above 0, up to 1.");
    }

    /// <summary>How often weights have entered the average.</summary>
    public long Averaged { get; private set; }

    /// <summary>The average by the names of the module's <c>state_dict</c>; live tensors, null outside of training.</summary>
    public IReadOnlyDictionary<string, Tensor>? AverageState => _average;

    /// <summary>Whether the weights enter the average now. Called after each optimizer step with <paramref name="step"/>, and at the end of each epoch with <paramref name="epoch"/>.</summary>
    /// <param name="step">Index of the optimizer step that was just taken, from 0; null at the end of an epoch.</param>
    /// <param name="epoch">Index of the epoch that ends; null after a step.</param>
    /// <returns>By default: after every step.</returns>
    protected virtual bool ShouldUpdate(long? step, int? epoch) => step is not null;

    /// <summary>How much the newest weights count in the new average, 0 to 1: <c>average += weight · (newest − average)</c>. The first ones are taken as they are.</summary>
    /// <param name="averaged">How many have entered before.</param>
    /// <returns>By default <c>1 / (averaged + 1)</c>: all count the same.</returns>
    protected virtual double Weight(long averaged) => 1.0 / (averaged + 1);

    /// <inheritdoc/>
    public override void OnReset()
    {
        Release();
        (Averaged, _latestStep, _latestEpoch, _interval) = (0, 0, -1, null);
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        if (context.Stage != Stage.Fit) return;
        Release();
        (Averaged, _latestStep, _latestEpoch) = (0, context.Trainer.GlobalStep, context.Trainer.CurrentEpoch - 1);
    }

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var current = MetricParts.WeightsOf(context.Module.Module);
        var restored = _average;
        _average = [];
        foreach (var (name, tensor) in current)
        {
            var source = restored is not null && restored.TryGetValue(name, out var saved) ? saved : tensor;
            _average[name] = source.to(_device ?? tensor.device, copy: true).DetachFromDisposeScope();
        }

        DisposeAll(restored);
        _pairs = [.. current.Select(entry => (_average[entry.Key], entry.Value, Blend(entry.Key, entry.Value, context.Module.Module)))];
    }

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context)
    {
        _interval = UpdateEvery is { } every ? new(context.Trainer, every) : null;
        _interval?.Start();
    }

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        var steps = context.Trainer.GlobalStep;
        if (steps <= _latestStep || !IsOpen(context.Trainer) || !ShouldUpdate(steps - 1, null)) return;
        Update();
        _latestStep = steps;
    }

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        var epoch = context.Trainer.CurrentEpoch;
        if (epoch <= _latestEpoch || (StartAt is { } start && !context.Trainer.HasReached(start)) || !ShouldUpdate(null, epoch)) return;
        Update();
        _latestEpoch = epoch;
    }

    /// <inheritdoc/>
    public override void OnValidationEpochStart(HookContext context)
    {
        if (context.Trainer.EntryStage == Stage.Fit && !_swapped) Swap();
    }

    /// <inheritdoc/>
    public override void OnValidationEpochEnd(HookContext context)
    {
        if (_swapped) Swap();
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context)
    {
        if (Averaged == 0) return;
        using var noGrad = no_grad();
        foreach (var (average, current, _) in _pairs) current.copy_(average);
    }

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context)
    {
        if (_swapped) Swap();
        Release();
    }

    /// <inheritdoc/>
    public override void Teardown(StageContext context) => Release();

    /// <inheritdoc/>
    public override void OnSaveCheckpoint(CheckpointContext context)
    {
        ArgumentNullException.ThrowIfNull(context.Checkpoint);
        if (_average is null || Averaged == 0) return;
        var live = WeightEntries.Of(context.Checkpoint["state_dict"]) ?? context.Module.Module.state_dict();
        var average = live.ToDictionary(entry => entry.Key, entry => _average.GetValueOrDefault(entry.Key) ?? entry.Value); // metrics have no average
        context.Checkpoint["state_dict"] = _swapped ? live : average;
        context.Checkpoint["current_model_state"] = _swapped ? average : live;
        context.Checkpoint["averaging_state"] = new Dictionary<string, object?> { ["n_averaged"] = tensor(Averaged) };
    }

    /// <inheritdoc/>
    public override void OnLoadCheckpoint(CheckpointContext context)
    {
        ArgumentNullException.ThrowIfNull(context.Checkpoint);
        if (context.Trainer.EntryStage != Stage.Fit) return;
        var average = WeightEntries.Of(context.Checkpoint["state_dict"]);
        if (average is null || WeightEntries.Of(context.Checkpoint["current_model_state"]) is not { } current)
        {
            context.Trainer.Messages.Warn(
                MessageId.InexactResume, $"The checkpoint was written without {GetType().Name}: the average starts from its weights.");
            return;
        }

        Release();
        using var noGrad = no_grad();
        _average = average.ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
        if (context.Checkpoint["averaging_state"] is IReadOnlyDictionary<string, object?> counters) Averaged = counters.Whole("n_averaged", 1);
        context.Checkpoint["state_dict"] = current;
        foreach (var (name, target) in MetricParts.WeightsOf(context.Module.Module))
        {
            if (current.TryGetValue(name, out var saved)) target.copy_(saved);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["latest_update_step"] = _latestStep,
        ["latest_update_epoch"] = (long)_latestEpoch,
    };

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _latestStep = state.Whole("latest_update_step", _latestStep);
        _latestEpoch = state.Count("latest_update_epoch", _latestEpoch);
    }

    /// <summary>Frees the average.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private bool IsOpen(Trainer trainer)
    {
        var isDue = _interval?.IsDue(trainer.IsLastBatch) ?? true;
        _interval?.Advance();
        if (!isDue || (StartAt is { } start && !trainer.HasReached(start))) return false;
        _interval?.Done();
        return true;
    }

    private void Update()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (Averaged == 0)
        {
            foreach (var (average, current, _) in _pairs) average.copy_(current);
        }
        else
        {
            using var weight = new BlendWeight(Weight(Averaged));
            foreach (var (average, current, blend) in _pairs) Enter(average, current, blend, weight);
        }

        Averaged++;
    }

    private static void Enter(Tensor average, Tensor current, bool blend, BlendWeight weight)
    {
        if (!blend)
        {
            average.copy_(current);
            return;
        }

        weight.Enter(average, average.device == current.device ? current : current.to(average.device));
    }

    private void Swap()
    {
        if (Averaged == 0) return;
        using var noGrad = no_grad();
        foreach (var (average, current, _) in _pairs)
        {
            using var kept = current.clone();
            current.copy_(average);
            average.copy_(kept);
        }

        _swapped = !_swapped;
    }

    // Counters such as num_batches_tracked are whole numbers, which have no average.
    private bool Blend(string name, Tensor tensor, nn.Module module)
        => tensor.is_floating_point() && (_useBuffers || module.named_parameters().Any(entry => entry.name == name));

    private void Release()
    {
        DisposeAll(_average);
        (_average, _pairs, _swapped) = (null, [], false);
    }

    private static void DisposeAll(Dictionary<string, Tensor>? tensors)
    {
        if (tensors is null) return;
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}
