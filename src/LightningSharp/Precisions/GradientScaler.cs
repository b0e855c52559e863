using LightningSharp.Native;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>
/// Dynamic loss scaling (Micikevicius et al., 2018, as PyTorch does it): the loss is multiplied by a scale so that small gradients survive float16;
/// when a gradient overflows the step is left out and the scale halved, after 2,000 good steps it is doubled. The scale changes before the next loss
/// is scaled, not within a step: several optimizers that follow one backward pass share the scale of that pass.
/// </summary>
/// <remarks><see cref="Precision.Float16Mixed"/> has one of its own. Make one for <see cref="Precision.Mixed"/> to choose its numbers, or for a <see cref="Precision"/> of your own.</remarks>
public sealed class GradientScaler : IStateful, IDisposable
{
    private readonly Tensor _scale, _growthTracker, _inverse;
    private readonly Dictionary<optim.Optimizer, Tensor> _foundInf = [];
    private double _growth, _backoff;
    private long _interval;
    private readonly HashSet<optim.Optimizer> _stepped = []; // since the scale was last thought over
    private Tensor? _found; // by them
    private bool _isInverseOld;

    /// <summary>Creates a scale.</summary>
    /// <param name="device">Where the gradients are; the loss is multiplied there without reading the scale.</param>
    /// <param name="initialScale">The first scale; default 65,536.</param>
    /// <param name="growthFactor">What the scale is multiplied by after <paramref name="growthInterval"/> good steps in a row; default 2.</param>
    /// <param name="backoffFactor">What it is multiplied by when a gradient was not finite; default 0.5.</param>
    /// <param name="growthInterval">Good steps in a row until the scale grows; default 2,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that would let the scale vanish or shrink when it should grow.</exception>
    public GradientScaler(Device device, double initialScale = 65_536, double growthFactor = 2, double backoffFactor = 0.5, long growthInterval = 2000)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (!(initialScale > 0 && double.IsFinite(initialScale))) throw new ArgumentOutOfRangeException(nameof(initialScale), initialScale, "Expected a finite number above 0.");
        if (!(growthFactor > 1 && double.IsFinite(growthFactor))) throw new ArgumentOutOfRangeException(nameof(growthFactor), growthFactor, "Expected a finite number above 1.");
        if (!(backoffFactor is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(backoffFactor), backoffFactor, "Expected a number between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(growthInterval, 1);
        (_growth, _backoff, _interval) = (growthFactor, backoffFactor, growthInterval);

        // One-element tensors that live until Dispose.
        _scale = tensor((float)initialScale, device: device).DetachFromDisposeScope();
        _growthTracker = tensor(0, int32, device: device).DetachFromDisposeScope();
        _inverse = tensor((float)(1 / initialScale), device: device).DetachFromDisposeScope(); // of the scale that the gradients have
    }

    /// <summary>The present scale. Reads the device: for people and checkpoints, not for every step.</summary>
    public double Scale
    {
        get
        {
            Update();
            return _scale.ToSingle();
        }
    }

    /// <summary>Steps left out so far because a gradient was infinite or not a number.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>The loss times the scale, on the loss's device.</summary>
    public Tensor ScaleLoss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Update();
        if (_isInverseOld) Invert();
        return loss.mul(_scale.device_type == loss.device_type ? _scale : _scale.to(loss.device));
    }

    /// <summary>Divides the gradients of the optimizer's parameters by the scale and notes whether all are finite. A second call before the step does nothing.</summary>
    public void Unscale(optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (_foundInf.ContainsKey(optimizer)) return;
        if (_stepped.Contains(optimizer)) Update(); // its second step: an iteration of its own
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var found = zeros([], float32, _scale.device);
        var list = new GradientList();
        try
        {
            list.Collect(optimizer.parameters());
            list.Unscale(found, _inverse);
        }
        finally
        {
            list.Clear();
        }

        _foundInf[optimizer] = found.DetachFromDisposeScope(); // until the step
    }

    /// <summary>Steps the optimizer, unscaling first where that has not been done, or leaves the step out when a gradient is not finite. Reads the device.</summary>
    /// <returns>False when the step was left out.</returns>
    public bool Step(optim.Optimizer optimizer)
    {
        Unscale(optimizer);
        var found = _foundInf[optimizer];
        _foundInf.Remove(optimizer);

        // A synchronisation with the device: whether to step is decided here, as in PyTorch.
        var finite = found.ToSingle() == 0;
        if (finite) optimizer.step();
        else SkippedSteps++;
        Note(found);
        _stepped.Add(optimizer);
        return finite;
    }

    /// <summary>The gradients are gone, or their step was left out: the next ones have to be unscaled again.</summary>
    public void Discard(optim.Optimizer optimizer)
    {
        if (_foundInf.Remove(optimizer, out var found)) found.Dispose();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["scale"] = Scale,
        ["growth_factor"] = _growth,
        ["backoff_factor"] = _backoff,
        ["growth_interval"] = _interval,
        ["_growth_tracker"] = (long)_growthTracker.ToInt32(),
        ["skipped_steps"] = SkippedSteps,
    };

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var saved = new GroupReader(state);
        using var mode = no_grad();
        using Scalar scale = (float)saved.Number("scale", Scale), tracker = (int)saved.Number("_growth_tracker", 0);
        _scale.fill_(scale);
        _growthTracker.fill_(tracker);
        Invert();
        (_growth, _backoff) = (saved.Number("growth_factor", _growth), saved.Number("backoff_factor", _backoff));
        _interval = (long)saved.Number("growth_interval", _interval);
        SkippedSteps = (long)saved.Number("skipped_steps", SkippedSteps);
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        _scale.Dispose();
        _growthTracker.Dispose();
        _inverse.Dispose();
        _found?.Dispose();
        foreach (var found in _foundInf.Values) found.Dispose();
        _foundInf.Clear();
    }

    private void Invert()
    {
        using var mode = no_grad();
        using var inverse = _scale.reciprocal();
        _inverse.copy_(inverse);
        _isInverseOld = false;
    }

    private void Note(Tensor found)
    {
        if (_found is null)
        {
            _found = found;
            return;
        }

        using var mode = no_grad();
        _found.add_(found); // more than 0: one of them met a gradient that is not finite
        found.Dispose();
    }

    // Before the next loss is scaled, as PyTorch's update(): optimizers that step after one backward pass count once.
    private void Update()
    {
        if (_found is not { } found) return;
        using var mode = no_grad();
        Change(found);
        found.Dispose();
        (_found, _isInverseOld) = (null, true);
        _stepped.Clear();
    }

    private void Change(Tensor found)
    {
        if (Dispatcher.IsAvailable)
        {
            Dispatcher.AmpUpdateScale(_scale, _growthTracker, found, _growth, _backoff, _interval);
            return;
        }

        var finite = found.ToSingle() == 0;
        var good = finite ? _growthTracker.ToInt32() + 1 : 0;
        using Scalar factor = finite ? good == _interval ? _growth : 1.0 : _backoff, count = good == _interval ? 0 : good;
        _scale.mul_(factor);
        _growthTracker.fill_(count);
    }
}
