using LightningSharp.Checkpointing;
using System.Reflection;
using TorchSharp.Modules;

namespace LightningSharp.Optimization;

/// <summary>The settings of one parameter group, under PyTorch's names, with the entries that PyTorch's optimizer of that name has and TorchSharp's has not.</summary>
internal static class OptimizerGroupEntries
{
    /// <summary>PyTorch keeps these pairs as one tuple.</summary>
    private static readonly (string Tuple, string First, string Second)[] Tuples =
        [("betas", "beta1", "beta2"), ("etas", "etaminus", "etaplus"), ("step_sizes", "min_step", "max_step")];

    /// <summary>Every setting of every optimizer of PyTorch that changes what it computes.</summary>
    private static readonly string[] Known =
    [
        "momentum", "dampening", "weight_decay", "nesterov", "maximize", "betas", "eps", "amsgrad", "alpha", "centered", "lr_decay",
        "initial_accumulator_value", "rho", "momentum_decay", "lambd", "t0", "etas", "step_sizes", "decoupled_weight_decay",
    ];

    public static Dictionary<string, object?> Save(OptimizerHelper optimizer, ParamGroup group)
    {
        var entries = new Dictionary<string, object?> { ["lr"] = group.LearningRate };
        foreach (var field in FieldsOf(group.Options))
        {
            if (TupleOf(field.Name) is { } tuple)
            {
                entries[tuple.Tuple] = new CheckpointTuple(Read(group.Options, tuple.First), Read(group.Options, tuple.Second));
            }
            else
            {
                entries[field.Name] = field.GetValue(group.Options);
            }
        }

        foreach (var (key, value) in OnlyInPython(optimizer.GetType().Name))
        {
            entries.TryAdd(key, value);
        }

        return entries;
    }

    /// <summary>Takes what is there into the options; whatever cannot be had is named in <paramref name="problems"/>.</summary>
    public static void Load(OptimizerOptions options, IReadOnlyDictionary<string, object?> saved, string optimizer, string where, List<string> problems)
    {
        if (!saved.TryGetValue("lr", out var rate) || rate is null)
        {
            problems.Add($"{where} has no 'lr'");
        }
        else
        {
            options.LearningRate = StateValues.ToNumber(rate, "lr");
        }

        options.InitialLearningRate = saved.Number("initial_lr", options.InitialLearningRate);
        foreach (var field in FieldsOf(options))
        {
            if (TupleOf(field.Name) is { } tuple)
            {
                LoadTuple(options, tuple, field, saved, where, problems);
            }
            else if (saved.TryGetValue(field.Name, out var value) && value is not null)
            {
                field.SetValue(options, field.FieldType == typeof(bool?) ? StateValues.ToNumber(value, field.Name) != 0 : StateValues.ToNumber(value, field.Name));
            }
        }

        FindForeign([.. FieldsOf(options).Select(field => TupleOf(field.Name)?.Tuple ?? field.Name)], saved, optimizer, where, problems);
    }

    public static CheckpointException Misfit(string optimizer, List<string> problems) => new(
        $"The saved state does not fit this {optimizer}; nothing was loaded.\n- {string.Join("\n- ", problems)}\n"
        + "Build the optimizer with the same kind, parameter groups and order of parameters as when the checkpoint was written, or go on with the weights alone: Resume.From(path) with { Optimizers = false, Schedulers = false }.");

    public static object? Read(OptimizerOptions options, string name) => options.GetType().GetField(name)?.GetValue(options);

    private static void LoadTuple(
        OptimizerOptions options, (string Tuple, string First, string Second) tuple, FieldInfo field, IReadOnlyDictionary<string, object?> saved, string where, List<string> problems)
    {
        var values = saved.Numbers(tuple.Tuple);
        if (values is [var first, var second])
        {
            field.SetValue(options, field.Name == tuple.First ? first : second);
        }
        else if (field.Name == tuple.First)
        {
            problems.Add($"{where} has no pair of numbers under '{tuple.Tuple}'");
        }
    }

    /// <summary>Settings of another optimizer, or of a form that TorchSharp's has not.</summary>
    public static void FindForeign(string[] own, IReadOnlyDictionary<string, object?> saved, string optimizer, string where, List<string> problems)
    {
        foreach (var name in Known.Except(own))
        {
            if (!saved.TryGetValue(name, out var value) || value is null)
            {
                continue;
            }

            var isSwitch = name is "maximize" or "decoupled_weight_decay" or "amsgrad";
            var isOn = isSwitch && StateValues.ToNumber(value, name) != 0 && !(name == "decoupled_weight_decay" && optimizer == "AdamW");
            if (!isSwitch || isOn)
            {
                problems.Add(isSwitch ? $"{where} has '{name}' switched on, which TorchSharp's {optimizer} cannot do" : $"{where} has '{name}', a setting that {optimizer} has not");
            }
        }
    }

    private static FieldInfo[] FieldsOf(OptimizerOptions options) => options.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance);

    private static (string Tuple, string First, string Second)? TupleOf(string field)
    {
        foreach (var tuple in Tuples)
        {
            if (field == tuple.First || field == tuple.Second)
            {
                return tuple;
            }
        }

        return null;
    }

    // Without these a loaded optimizer of Python fails at its first step. Values: PyTorch's defaults.
    private static IEnumerable<KeyValuePair<string, object?>> OnlyInPython(string optimizer)
    {
        yield return new("maximize", false);
        yield return new("foreach", null);
        yield return new("differentiable", false);
        if (optimizer is not ("SGD" or "Adagrad"))
        {
            yield return new("capturable", false);
        }

        if (optimizer is "SGD" or "Adagrad" or "Adam" or "AdamW")
        {
            yield return new("fused", null);
        }

        if (optimizer is "NAdam" or "RAdam")
        {
            yield return new("decoupled_weight_decay", false);
        }
    }
}
