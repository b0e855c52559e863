using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>A metric that compares predictions with targets: the shape of nearly all of them.</summary>
/// <typeparam name="TPreds">The predictions.</typeparam>
/// <typeparam name="TTarget">The truth.</typeparam>
public abstract class Metric<TPreds, TTarget> : Metric<(TPreds Preds, TTarget Target)>
{
    /// <inheritdoc cref="Metric{TInput}.Update(TInput)"/>
    public void Update(TPreds preds, TTarget target) => Update((preds, target));

    /// <inheritdoc cref="Metric{TInput}.Forward(TInput)"/>
    public Tensor Forward(TPreds preds, TTarget target) => Forward((preds, target));

    /// <inheritdoc cref="Metric{TInput}.call(TInput)"/>
    public Tensor call(TPreds preds, TTarget target) => Forward((preds, target));

    /// <inheritdoc cref="Metric{TInput}.Evaluate(TInput)"/>
    public Tensor Evaluate(TPreds preds, TTarget target) => Evaluate((preds, target));

    /// <summary>Changes the states by one batch. Runs in a dispose scope: only what goes into states survives. Check the input first, then change states.</summary>
    protected abstract void UpdateStates(TPreds preds, TTarget target);

    /// <inheritdoc/>
    protected sealed override void UpdateStates((TPreds Preds, TTarget Target) input)
    {
        ArgumentNullException.ThrowIfNull(input.Preds, "preds");
        ArgumentNullException.ThrowIfNull(input.Target, "target");
        UpdateStates(input.Preds, input.Target);
    }

    /// <inheritdoc/>
    protected override Tensor? DeviceSample((TPreds Preds, TTarget Target) input) => input.Preds as Tensor;
}
