using LightningSharp.Checkpointing;
using TorchSharp;
using TorchSharp.Modules;

namespace LightningSharp.Optimization;

/// <summary>
/// The state of an optimizer as plain data in the layout of PyTorch's <c>optimizer.state_dict()</c>, so that a checkpoint can go either way between Python and .NET:
/// <c>state</c> (parameter number to its moments) and <c>param_groups</c> (learning rate, betas, …, and the numbers of the parameters).
/// </summary>
/// <remarks>
/// Covers every optimizer that TorchSharp implements in managed code, and those that are <see cref="IStateful"/> themselves. Tuples (<c>betas</c>) are
/// <see cref="CheckpointTuple"/>, lists are <see cref="List{T}"/>, whole-number keys are a dictionary from <see cref="long"/>. Parameters that were never stepped have no
/// entry in <c>state</c>, as in PyTorch.
/// </remarks>
public static class OptimizerState
{
    /// <summary>Reads the state. Moments are the optimizer's live tensors (copy them before the next step); counters are new tensors without dimensions.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="schedulers">The schedulers that drive it: Python expects their <see cref="LearningRateScheduler.GroupEntries"/> in the groups.</param>
    /// <exception cref="CheckpointException">Nothing is known about this kind of optimizer, or the model was moved after the optimizer was built.</exception>
    public static IReadOnlyDictionary<string, object?> Save(torch.optim.Optimizer optimizer, IEnumerable<LearningRateScheduler>? schedulers = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return optimizer switch
        {
            FusedOptimizer fused => WithEntries(fused.Save(), [.. (schedulers ?? []).Where(scheduler => Drives(scheduler, fused))]),
            IStateful own => own.StateDict(),
            OptimizerHelper managed => SaveManaged(managed, [.. (schedulers ?? []).Where(scheduler => scheduler.Optimizer == optimizer)]),
            LBFGS native => NativeOptimizer.Save(native),
            _ => throw Unknown(optimizer),
        };
    }

    /// <summary>
    /// Puts a saved state into the optimizer: all of it, or, where anything does not fit, nothing. The moments become new tensors on the device of their
    /// parameter that belong to no dispose scope.
    /// </summary>
    /// <param name="optimizer">An optimizer with the same groups and parameters as the one that was saved.</param>
    /// <param name="data">What <see cref="Save"/> returned, or what was read from a checkpoint of PyTorch.</param>
    /// <exception cref="CheckpointException">The state does not fit; the message lists every reason.</exception>
    public static void Load(torch.optim.Optimizer optimizer, IReadOnlyDictionary<string, object?> data)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(data);
        switch (optimizer)
        {
            case IStateful own:
                own.LoadStateDict(data);
                break;
            case OptimizerHelper managed:
                using (var loading = new OptimizerStateLoading(managed, StatesOf(managed)))
                {
                    loading.Load(data);
                }

                break;
            case LBFGS native:
                NativeOptimizer.Load(native, data);
                break;
            default:
                throw Unknown(optimizer);
        }
    }

    /// <summary>What is lost when this optimizer is saved, as a sentence to warn with; null when nothing is.</summary>
    /// <param name="optimizer">The optimizer.</param>
    public static string? LimitationOf(torch.optim.Optimizer optimizer) => optimizer is LBFGS and not IStateful ? NativeOptimizer.Limitation : null;

    private static Dictionary<string, object?> SaveManaged(OptimizerHelper optimizer, LearningRateScheduler[] schedulers)
    {
        var saved = StatesOf(optimizer);
        var state = new Dictionary<long, object?>();
        var groups = new List<object?>();
        var number = 0;
        foreach (var group in optimizer.ParamGroups.OfType<ParamGroup>())
        {
            var parameters = new List<object?>();
            foreach (var _ in group.Parameters)
            {
                parameters.Add((long)number);
                if (OptimizerSlots.Save(saved.State[number]) is { Count: > 0 } slots)
                {
                    state[number] = slots;
                }

                number++;
            }

            var entries = OptimizerGroupEntries.Save(optimizer, group);
            entries["params"] = parameters;
            groups.Add(entries);
        }

        return WithEntries(new() { ["state"] = state, ["param_groups"] = groups }, schedulers);
    }

    // A fused optimizer that replaced another shares its groups; the schedulers were built on the other.
    private static bool Drives(LearningRateScheduler scheduler, FusedOptimizer fused)
        => scheduler.Optimizer == fused || (scheduler.Optimizer.ParamGroups ?? []).SequenceEqual(fused.ParamGroups);

    private static Dictionary<string, object?> WithEntries(Dictionary<string, object?> state, LearningRateScheduler[] schedulers)
    {
        if (schedulers.Length == 0) return state;
        var number = 0;
        foreach (var group in (List<object?>)state["param_groups"]!) // made here and in FusedState
        {
            foreach (var (key, value) in schedulers.SelectMany(scheduler => scheduler.GroupEntries(number))) ((Dictionary<string, object?>)group!)[key] = value;
            number++;
        }

        return state;
    }

    private static torch.optim.Optimizer.StateDictionary StatesOf(OptimizerHelper optimizer)
    {
        try
        {
            return optimizer.state_dict();
        }
        catch (KeyNotFoundException error)
        {
            throw new CheckpointException(
                $"{optimizer.GetType().Name} has no state for one of its parameters: the model was moved to another device or type after the optimizer was built, which replaces its parameters. Build the optimizer after moving the model.", error);
        }
    }

    private static CheckpointException Unknown(torch.optim.Optimizer optimizer) => new(
        $"The state of {optimizer.GetType().FullName} can be neither read nor written: it is not one of TorchSharp's optimizers. Let it implement {nameof(IStateful)}.");
}
