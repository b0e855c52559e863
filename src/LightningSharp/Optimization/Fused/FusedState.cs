using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Optimizer state in the form of PyTorch's <c>Optimizer.state_dict()</c>, so that checkpoints travel between both.</summary>
internal static class FusedState
{
    public static Dictionary<string, object?> Write(
        List<ParameterShard[]> shards, IList<ParamGroup> groups, string[] names, bool hasStep,
        Func<ParamGroup, int> slotCount, Func<ParamGroup, Dictionary<string, object?>> describe, Func<int, Parameter, ParamGroup, Tensor>? first)
    {
        var state = new Dictionary<long, object?>();
        var described = new List<object?>();
        for (var g = 0; g < shards.Count; g++)
        {
            foreach (var shard in shards[g])
            {
                for (var i = 0; i < shard.Parameters.Length; i++)
                {
                    var entry = Entry(shard, i, names.AsSpan(0, slotCount(groups[g])), hasStep, first is null ? null : slot => first(slot, shard.Parameters[i], groups[g]));
                    if (entry is not null) state[shard.Indices[i]] = entry;
                }
            }

            var options = describe(groups[g]);
            options["initial_lr"] = groups[g].InitialLearningRate;
            options["params"] = shards[g].SelectMany(shard => shard.Indices).Order().Select(index => (object?)(long)index).ToList();
            described.Add(options);
        }

        return new()
        {
            ["state"] = state,
            ["param_groups"] = described,
        };
    }

    public static void Read(
        IReadOnlyDictionary<string, object?> saved, List<ParameterShard[]> shards, IList<ParamGroup> groups, string[] names, bool hasStep,
        string optimizer, Func<ParamGroup, Dictionary<string, object?>> describe, Action<ParamGroup, GroupReader> restore)
    {
        var savedGroups = StateValues.Items(saved.GetValueOrDefault("param_groups"), "param_groups").OfType<IReadOnlyDictionary<string, object?>>().ToList();
        if (savedGroups.Count != groups.Count)
            throw new CheckpointException($"The optimizer has {groups.Count} parameter groups, the saved state has {savedGroups.Count}. Build the optimizer with the same groups as when it was saved.");

        var problems = new List<string>();
        for (var g = 0; g < groups.Count; g++) OptimizerGroupEntries.FindForeign([.. describe(groups[g]).Keys], savedGroups[g], optimizer, $"parameter group {g}", problems);
        if (problems.Count > 0) throw OptimizerGroupEntries.Misfit(optimizer, problems);

        // PyTorch numbers parameters in the order of the groups; a saved file may use other numbers, so go by position.
        var states = StateValues.IntegerKeyed(saved.GetValueOrDefault("state"), "state").ToDictionary(pair => pair.Key, pair => pair.Value);
        var numbers = new List<long>();
        for (var g = 0; g < groups.Count; g++)
        {
            var parameters = StateValues.Items(savedGroups[g].GetValueOrDefault("params"), "params");
            var expected = shards[g].Sum(shard => shard.Parameters.Length);
            if (parameters.Count != expected)
                throw new CheckpointException($"Parameter group {g} has {expected} parameters, the saved state has {parameters.Count}. Was the model changed since the checkpoint was written?");
            numbers.AddRange(parameters.Select(number => (long)StateValues.ToNumber(number, "params")));
        }

        var work = shards.SelectMany(group => group).SelectMany(shard => Enumerable.Range(0, shard.Parameters.Length).Select(i => (shard, i))).ToList();
        foreach (var (shard, i) in work) Check(shard, i, states.GetValueOrDefault(numbers[shard.Indices[i]]), names);
        foreach (var (shard, i) in work) Restore(shard, i, states.GetValueOrDefault(numbers[shard.Indices[i]]), names, hasStep);
        for (var g = 0; g < groups.Count; g++)
        {
            var reader = new GroupReader(savedGroups[g]);
            groups[g].LearningRate = reader.Number("lr", groups[g].LearningRate);
            groups[g].InitialLearningRate = reader.Number("initial_lr", groups[g].InitialLearningRate);
            restore(groups[g], reader);
        }
    }

    private static Dictionary<string, object?>? Entry(ParameterShard shard, int i, ReadOnlySpan<string> names, bool hasStep, Func<int, Tensor>? first)
    {
        if (shard.Steps[i] == 0 && first is null) return null; // never updated: PyTorch has no entry either
        var entry = new Dictionary<string, object?>();
        if (hasStep) entry["step"] = tensor((float)shard.Steps[i]);
        for (var slot = 0; slot < names.Length; slot++) entry[names[slot]] = shard.State[slot][i] ?? first?.Invoke(slot);
        return entry;
    }

    // Before anything is changed: a refused state leaves the optimizer as it was.
    private static void Check(ParameterShard shard, int i, object? saved, string[] names)
    {
        if (saved is not IReadOnlyDictionary<string, object?> entry) return;
        foreach (var name in names)
        {
            if (entry.GetValueOrDefault(name) is Tensor value && !value.shape.AsSpan().SequenceEqual(shard.Parameters[i].shape))
            {
                throw new CheckpointException(
                    $"State '{name}' of parameter {shard.Indices[i]} has shape [{string.Join(", ", value.shape)}], "
                    + $"the parameter has [{string.Join(", ", shard.Parameters[i].shape)}]. Was the model changed since the checkpoint was written?");
            }
        }
    }

    private static void Restore(ParameterShard shard, int i, object? saved, string[] names, bool hasStep)
    {
        var entry = saved as IReadOnlyDictionary<string, object?>;
        using var mode = no_grad();
        var found = false;
        for (var slot = 0; slot < names.Length; slot++)
        {
            var value = entry?.GetValueOrDefault(names[slot]) as Tensor;
            found |= value is not null;
            shard.State[slot][i]?.Dispose();
            shard.State[slot][i] = value is null ? null : empty_like(shard.Parameters[i], requires_grad: false).copy_(value).DetachFromDisposeScope();
        }

        shard.Steps[i] = entry is null ? 0 : hasStep ? entry.Whole("step", 0) : found ? 1 : 0;
    }
}
