using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>A metric of three inputs: predictions, targets, and what groups or weighs them.</summary>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
/// <typeparam name="T3">The third input.</typeparam>
public abstract class Metric<T1, T2, T3> : Metric<(T1 First, T2 Second, T3 Third)>
{
    /// <inheritdoc cref="Metric{TInput}.Update(TInput)"/>
    public void Update(T1 first, T2 second, T3 third) => Update((first, second, third));

    /// <inheritdoc cref="Metric{TInput}.Forward(TInput)"/>
    public Tensor Forward(T1 first, T2 second, T3 third) => Forward((first, second, third));

    /// <inheritdoc cref="Metric{TInput}.call(TInput)"/>
    public Tensor call(T1 first, T2 second, T3 third) => Forward((first, second, third));

    /// <inheritdoc cref="Metric{TInput}.Evaluate(TInput)"/>
    public Tensor Evaluate(T1 first, T2 second, T3 third) => Evaluate((first, second, third));

    /// <summary>Changes the states by one batch. Runs in a dispose scope: only what goes into states survives.</summary>
    protected abstract void UpdateStates(T1 first, T2 second, T3 third);

    /// <inheritdoc/>
    protected sealed override void UpdateStates((T1 First, T2 Second, T3 Third) input)
    {
        ArgumentNullException.ThrowIfNull(input.First, "first");
        ArgumentNullException.ThrowIfNull(input.Second, "second");
        ArgumentNullException.ThrowIfNull(input.Third, "third");
        UpdateStates(input.First, input.Second, input.Third);
    }

    /// <inheritdoc/>
    protected override Tensor? DeviceSample((T1 First, T2 Second, T3 Third) input) => input.First as Tensor;
}
