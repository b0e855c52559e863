using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using ParameterState = TorchSharp.Modules.OptimizerState;

namespace LightningSharp.Optimization;

/// <summary>
/// One attempt at loading: everything is checked and built beside the live state first, and only a state without any problem is moved in. What was built and not moved
/// in is disposed.
/// </summary>
internal sealed class OptimizerStateLoading(OptimizerHelper optimizer, torch.optim.Optimizer.StateDictionary live) : IDisposable
{
    private readonly string _name = optimizer.GetType().Name;
    private readonly List<string> _problems = [];
    private readonly List<OptimizerOptions> _options = [];
    private readonly List<ParameterState> _states = [];

    /// <exception cref="CheckpointException">The state does not fit.</exception>
    public void Load(IReadOnlyDictionary<string, object?> data)
    {
        using var noGrad = no_grad();
        var groups = optimizer.ParamGroups.Cast<ParamGroup>().ToArray();
        var savedGroups = Groups(data);
        var savedStates = data.TryGetValue("state", out var states) && states is not null
            ? StateValues.IntegerKeyed(states, "state").ToDictionary(entry => entry.Key, entry => entry.Value)
            : [];
        if (savedGroups.Count != groups.Length)
        {
            _problems.Add($"it holds {savedGroups.Count} parameter groups, the optimizer has {groups.Length}");
        }

        for (var group = 0; group < Math.Min(groups.Length, savedGroups.Count); group++)
        {
            PrepareGroup(groups[group], group, savedGroups[group], savedStates);
        }

        if (_problems.Count > 0)
        {
            throw OptimizerGroupEntries.Misfit(_name, _problems);
        }

        Commit();
    }

    public void Dispose()
    {
        foreach (var state in _states)
        {
            foreach (var field in OptimizerSlots.FieldsOf(state))
            {
                (field.GetValue(state) as Tensor)?.Dispose();
            }
        }
    }

    private static List<IReadOnlyDictionary<string, object?>> Groups(IReadOnlyDictionary<string, object?> data)
    {
        if (!data.TryGetValue("param_groups", out var value) || value is null)
        {
            throw new CheckpointException("The saved optimizer state has no entry 'param_groups'. It was written by something else, or is damaged.");
        }

        return [.. StateValues.Items(value, "param_groups").Select(group => group as IReadOnlyDictionary<string, object?>
            ?? throw new CheckpointException("The saved optimizer state holds a parameter group that is no dictionary. It was written by something else, or is damaged."))];
    }

    private void PrepareGroup(ParamGroup group, int number, IReadOnlyDictionary<string, object?> saved, Dictionary<long, object?> savedStates)
    {
        var options = (OptimizerOptions)Activator.CreateInstance(group.Options.GetType())!; // every options class has a constructor without arguments
        options.LoadStateDict(group.Options);
        OptimizerGroupEntries.Load(options, saved, _name, $"parameter group {number}", _problems);
        _options.Add(options);

        var parameters = group.Parameters.ToArray();
        var ids = saved.Numbers("params") ?? [];
        if (ids.Length != parameters.Length)
        {
            _problems.Add($"parameter group {number} holds {ids.Length} parameters, the optimizer's has {parameters.Length}");
            return;
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            var slots = savedStates.GetValueOrDefault((long)ids[i]);
            PrepareParameter(parameters[i], options, slots as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>(), $"parameter {ids[i]}");
        }
    }

    private void PrepareParameter(Parameter parameter, OptimizerOptions options, IReadOnlyDictionary<string, object?> saved, string where)
    {
        var type = live.State[_states.Count].GetType();
        var state = NewState(type, parameter);
        _states.Add(state);
        state.Initialize(options);
        var fields = OptimizerSlots.FieldsOf(state);
        foreach (var key in saved.Keys.Where(key => saved[key] is not null && !fields.Any(field => field.Name == key)))
        {
            _problems.Add($"{where} has '{key}', which {_name} does not keep");
        }

        foreach (var field in fields.Where(_ => saved.Count > 0))
        {
            if (saved.TryGetValue(field.Name, out var value) && value is not null)
            {
                Take(field, state, parameter, value, where);
            }
            else if (IsNeeded(field.Name, options))
            {
                _problems.Add($"{where} has no '{field.Name}'");
            }
        }
    }

    private ParameterState NewState(Type type, Parameter parameter)
    {
        try
        {
            return (ParameterState)Activator.CreateInstance(type, parameter)!; // a class with this constructor is never a Nullable, the only thing that gives null
        }
        catch (MissingMethodException error)
        {
            throw new CheckpointException(
                $"{_name} keeps its state in {type.FullName}, which has no public constructor that takes a Parameter as TorchSharp's have. Let the optimizer implement {nameof(IStateful)} instead.", error);
        }
    }

    private bool IsNeeded(string slot, OptimizerOptions options) => !OptimizerSlots.MayBeMissing(slot)
        || (OptimizerSlots.SettingOf(slot, _name) is { } setting && OptimizerGroupEntries.Read(options, setting) is true or > 0.0);

    private void Take(FieldInfo field, ParameterState state, Parameter parameter, object value, string where)
    {
        if (field.FieldType == typeof(long) || field.FieldType == typeof(double))
        {
            var number = StateValues.ToNumber(value, field.Name);
            field.SetValue(state, field.FieldType == typeof(long) ? (object)(long)number : number);
            return;
        }

        if (value is not Tensor saved)
        {
            _problems.Add($"{where} has no tensor under '{field.Name}' but {value.GetType().Name}");
        }
        else if (!saved.shape.AsSpan().SequenceEqual(parameter.shape))
        {
            _problems.Add($"{where} has '{field.Name}' of shape [{string.Join(", ", saved.shape)}], expected [{string.Join(", ", parameter.shape)}]");
        }
        else if (saved.dtype != parameter.dtype)
        {
            _problems.Add($"{where} has '{field.Name}' of type {saved.dtype}, expected {parameter.dtype}");
        }
        else
        {
            (field.GetValue(state) as Tensor)?.Dispose();
            using var detached = saved.detach();
            field.SetValue(state, detached.to(parameter.dtype, parameter.device, copy: true).DetachFromDisposeScope());
        }
    }

    // Only assignments from here on: nothing can fail half-way.
    private void Commit()
    {
        for (var group = 0; group < _options.Count; group++)
        {
            live.Options[group].LoadStateDict(_options[group]);
        }

        for (var i = 0; i < _states.Count; i++)
        {
            foreach (var field in OptimizerSlots.FieldsOf(_states[i]))
            {
                (field.GetValue(live.State[i]) as Tensor)?.Dispose();
                (field.GetValue(_states[i]) as Tensor)?.DetachFromDisposeScope();
                field.SetValue(live.State[i], field.GetValue(_states[i]));
            }
        }

        _states.Clear();
    }
}
