using LightningSharp.Optimization;
using TorchSharp;

namespace LightningSharp.Callbacks;

/// <summary>Moves the learning rates from what they are to those of the averaging phase, and keeps them there.</summary>
internal sealed class AnnealedToSwa : LearningRateScheduler
{
    private readonly bool _cosine;
    private double[] _target;
    private double[] _first;
    private int _epochs;

    public AnnealedToSwa(torch.optim.Optimizer optimizer, double[] target, int epochs, bool cosine)
        : base(optimizer)
    {
        (_target, _epochs, _cosine) = (target, epochs, cosine);
        _first = [.. Groups.Select(group => group.LearningRate)];
        Start();
    }

    protected override double LearningRateAt(int group, double current)
    {
        if (group >= _target.Length) return current;
        // Without an annealing phase the first step already lies at its end.
        var share = _epochs == 0 ? 1 : Math.Min(1.0, (double)LastEpoch / _epochs);
        var alpha = _cosine ? (1 - Math.Cos(Math.PI * share)) / 2 : share;
        return (_target[group] * alpha) + (_first[group] * (1 - alpha));
    }

    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        state["anneal_epochs"] = (long)_epochs;
        state["swa_lrs"] = Boxed(_target);
        state["first_lrs"] = Boxed(_first);
    }

    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        _epochs = state.Count("anneal_epochs", _epochs);
        _target = state.Numbers("swa_lrs") ?? _target;
        _first = state.Numbers("first_lrs") ?? _first;
    }
}
