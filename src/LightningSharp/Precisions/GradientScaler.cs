using LightningSharp.Native;
using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>
/// Dynamic loss scaling (Micikevicius et al., 2018, as PyTorch does it): the loss is multiplied by a scale so that small gradients survive float16;
/// when a gradient overflows the step is left out and the scale halved, after 2,000 good steps it is doubled.
/// </summary>
internal sealed class GradientScaler : IStateful, IDisposable
{
    private readonly Tensor _scale, _growthTracker;
    private readonly Dictionary<optim.Optimizer, Tensor> _foundInf = [];
    private double _growth = 2, _backoff = 0.5;
    private long _interval = 2000;

    public GradientScaler(Device device, double initialScale = 65_536)
    {
        // One-element tensors that live until Dispose; the loss is multiplied on its device without reading the scale.
        _scale = tensor((float)initialScale, device: device).DetachFromDisposeScope();
        _growthTracker = tensor(0, int32, device: device).DetachFromDisposeScope();
    }

    /// <summary>The present scale. Reads the device: for people and checkpoints, not for every step.</summary>
    public double Scale => _scale.ToSingle();

    public long SkippedSteps { get; private set; }

    public Tensor ScaleLoss(Tensor loss) => loss.mul(_scale.device_type == loss.device_type ? _scale : _scale.to(loss.device));

    public void Unscale(optim.Optimizer optimizer)
    {
        if (_foundInf.ContainsKey(optimizer)) return;
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var found = zeros([], float32, _scale.device);
        var inverse = _scale.reciprocal();
        var list = new GradientList();
        try
        {
            list.Collect(optimizer.parameters());
            list.Unscale(found, inverse);
        }
        finally
        {
            list.Clear();
        }

        _foundInf[optimizer] = found.DetachFromDisposeScope(); // until the step
    }

    public bool Step(optim.Optimizer optimizer)
    {
        Unscale(optimizer);
        using var found = _foundInf[optimizer];
        _foundInf.Remove(optimizer);

        // A synchronisation with the device: whether to step is decided here, as in PyTorch.
        var finite = found.ToSingle() == 0;
        if (finite) optimizer.step();
        else SkippedSteps++;
        Update(found, finite);
        return finite;
    }

    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["scale"] = Scale,
        ["growth_factor"] = _growth,
        ["backoff_factor"] = _backoff,
        ["growth_interval"] = _interval,
        ["_growth_tracker"] = (long)_growthTracker.ToInt32(),
        ["skipped_steps"] = SkippedSteps,
    };

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var saved = new GroupReader(state);
        using var mode = no_grad();
        using Scalar scale = (float)saved.Number("scale", Scale), tracker = (int)saved.Number("_growth_tracker", 0);
        _scale.fill_(scale);
        _growthTracker.fill_(tracker);
        (_growth, _backoff) = (saved.Number("growth_factor", _growth), saved.Number("backoff_factor", _backoff));
        _interval = (long)saved.Number("growth_interval", _interval);
        SkippedSteps = (long)saved.Number("skipped_steps", SkippedSteps);
    }

    public void Dispose()
    {
        _scale.Dispose();
        _growthTracker.Dispose();
        foreach (var found in _foundInf.Values) found.Dispose();
        _foundInf.Clear();
    }

    private void Update(Tensor found, bool finite)
    {
        using var mode = no_grad();
        if (Dispatcher.IsAvailable)
        {
            Dispatcher.AmpUpdateScale(_scale, _growthTracker, found, _growth, _backoff, _interval);
            return;
        }

        var good = finite ? _growthTracker.ToInt32() + 1 : 0;
        using Scalar factor = finite ? good == _interval ? _growth : 1.0 : _backoff, count = good == _interval ? 0 : good;
        _scale.mul_(factor);
        _growthTracker.fill_(count);
    }
}
