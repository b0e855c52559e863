using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>A metric that is updated with one input: a tensor, a tuple of several, or any other type.</summary>
/// <typeparam name="TInput">What an update is given.</typeparam>
/// <example>
/// <code>
/// sealed class FractionPositive : Metric&lt;Tensor&gt;
/// {
///     private readonly MetricState _positive, _count;
///
///     public FractionPositive()
///     {
///         _positive = AddState("positive", torch.zeros(1));
///         _count = AddState("count", torch.zeros(1));
///     }
///
///     protected override void UpdateStates(Tensor input)
///     {
///         _positive.Add((input &gt; 0).sum());
///         _count.Add(input.numel());
///     }
///
///     protected override Tensor ComputeValue() =&gt; _positive.Value / _count.Value;
/// }
/// </code>
/// </example>
public abstract class Metric<TInput> : Metric
{
    /// <summary>Takes a batch in. Nothing of the input is kept alive but copies; no gradient is recorded.</summary>
    /// <exception cref="ArgumentException">The input has a wrong shape, type, range or device.</exception>
    public void Update(TInput input)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        FollowInput(input);
        UpdateStates(input);
        CountUpdate();
    }

    /// <summary>Takes a batch in and returns the value of that batch alone, which <see cref="Metric.BatchValue"/> keeps.</summary>
    /// <returns>A handle of the caller's own.</returns>
    public Tensor Forward(TInput input)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        FollowInput(input);
        var value = FullStateUpdate ? UpdateTwice(input) : UpdateAndMerge(input);
        CountUpdate();
        return KeepBatchValue(value).MoveToOuterDisposeScope();
    }

    /// <summary>Takes a batch in and returns the value of that batch alone: <see cref="Forward(TInput)"/> by TorchSharp's name.</summary>
    public Tensor call(TInput input) => Forward(input);

    /// <summary>
    /// The value of this input alone; what was seen before is neither used nor changed. Unlike <see cref="Forward(TInput)"/> it records gradients when the
    /// caller does and the formula allows it: the stateless form of the metric.
    /// </summary>
    public Tensor Evaluate(TInput input)
    {
        using var scope = NewDisposeScope();
        return Alone(input, CurrentValue).MoveToOuterDisposeScope();
    }

    /// <summary>Every part of the value of this input alone, by name as in <see cref="Metric.ComputeNamed"/>; what was seen before is neither used nor changed.</summary>
    public IReadOnlyDictionary<string, Tensor> EvaluateNamed(TInput input)
    {
        using var scope = NewDisposeScope();
        return Alone(input, () => ComputeNamed().ToDictionary(part => part.Key, part => part.Value.clone().MoveToOuterDisposeScope()));
    }

    /// <summary>Changes the states by one batch. Runs in a dispose scope: only what goes into states survives. Check the input first, then change states.</summary>
    protected abstract void UpdateStates(TInput input);

    /// <summary>A tensor of the input by which a metric that has seen nothing finds its device, or null.</summary>
    protected virtual Tensor? DeviceSample(TInput input) => input as Tensor;

    /// <summary>Forward of metrics with the same <see cref="Metric.StateKey"/>: one update, a value for each.</summary>
    internal static void ForwardTogether(List<Metric<TInput>> group, TInput input)
    {
        var leader = group[0];
        foreach (var follower in group.Skip(1))
        {
            if (follower.UpdateCount == 0 && leader.UpdateCount == 0 && !follower.SharesStatesWith(leader)) follower.ShareStatesWith(leader);
        }

        if (group.Count == 1 || leader.FullStateUpdate || group.Any(m => !ReferenceEquals(m, leader) && !m.SharesStatesWith(leader)))
        {
            foreach (var metric in group) metric.Forward(input).Dispose();
            return;
        }

        using var mode = no_grad();
        using var scope = NewDisposeScope();
        leader.FollowInput(input);
        var earlier = leader.BeginBatch();
        try
        {
            leader.UpdateStates(input);
            var values = group.ConvertAll(m => m.CurrentValue());
            leader.EndBatch(earlier);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].CountUpdate();
                group[i].KeepBatchValue(values[i]).Dispose();
            }
        }
        catch
        {
            leader.AbandonBatch(earlier);
            throw;
        }
    }

    private protected virtual Tensor UpdateAndMerge(TInput input)
    {
        var earlier = BeginBatch();
        try
        {
            UpdateStates(input);
            var value = CurrentValue();
            EndBatch(earlier);
            return value;
        }
        catch
        {
            AbandonBatch(earlier);
            throw;
        }
    }

    private Tensor UpdateTwice(TInput input)
    {
        UpdateStates(input);
        var earlier = BeginBatch();
        try
        {
            UpdateStates(input);
            return CurrentValue();
        }
        finally
        {
            AbandonBatch(earlier);
        }
    }

    private TResult Alone<TResult>(TInput input, Func<TResult> result)
    {
        if (UpdateCount == 0) FollowInput(input);
        var (count, earlier) = (UpdateCount, BeginBatch());
        try
        {
            UpdateCount = 0; // value checks run as on a first batch
            ForgetTotal();
            UpdateStates(input);
            UpdateCount = 1;
            return result();
        }
        finally
        {
            AbandonBatch(earlier);
            UpdateCount = count;
            ForgetTotal();
        }
    }

    private void FollowInput(TInput input)
    {
        if (DeviceSample(input) is { } sample) Follow(sample);
    }
}
