using LightningSharp.Diagnostics;
using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Trains a part of the model first and the rest later: freeze in <see cref="FreezeBeforeTraining"/>, and thaw in <see cref="FinetuneFunction"/>, which runs at the start of
/// every epoch for each optimizer. Which parameters train in which group is saved, and restored on resuming.
/// </summary>
/// <example><code>
/// sealed class ThawAtFive : Finetuning
/// {
///     protected override void FreezeBeforeTraining(ILightningModule module) =&gt; Freeze([((MyNet)module).Features]);
///     protected override void FinetuneFunction(ILightningModule module, int epoch, optim.Optimizer optimizer)
///     {
///         if (epoch == 5) UnfreezeAndAddParamGroup([((MyNet)module).Features], optimizer);
///     }
/// }
/// </code></example>
public abstract class Finetuning : Callback, IStateful
{
    private readonly Dictionary<long, List<List<string>>> _groups = [];
    private Trainer? _trainer;
    private List<string>? _trainable;
    private bool _restarting;

    /// <summary>Freezes what shall not train at first; runs before the optimizers are made, so that they get only what trains (filter by <c>requires_grad</c>).</summary>
    protected abstract void FreezeBeforeTraining(ILightningModule module);

    /// <summary>Thaws what is due.</summary>
    /// <param name="module">The module.</param>
    /// <param name="epoch">Index of the epoch that starts.</param>
    /// <param name="optimizer">An optimizer; the function runs once for each.</param>
    protected abstract void FinetuneFunction(ILightningModule module, int epoch, optim.Optimizer optimizer);

    /// <summary>All modules in these that hold parameters of their own, or no modules: each once.</summary>
    public static IReadOnlyList<nn.Module> FlattenModules(IEnumerable<nn.Module> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var found = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        return [.. modules.SelectMany(module => module.modules().Prepend(module))
            .Where(part => found.Add(part) && (!part.children().Any() || part.named_parameters(recurse: false).Any()))];
    }

    /// <summary>The parameters of these modules, each once.</summary>
    /// <param name="modules">The modules, with all in them.</param>
    /// <param name="trainBatchNorm">Include those of batch normalisation.</param>
    /// <param name="requiresGrad">Only those that do (or do not) train now.</param>
    public static IReadOnlyList<Parameter> FilterParameters(IEnumerable<nn.Module> modules, bool trainBatchNorm = true, bool requiresGrad = true)
    {
        var seen = new HashSet<IntPtr>(); // by identity: equal values are not the same parameter
        return [.. FlattenModules(modules).Where(part => trainBatchNorm || !IsBatchNorm(part))
            .SelectMany(part => part.named_parameters(recurse: false)).Select(entry => entry.parameter)
            .Where(parameter => parameter.requires_grad == requiresGrad && seen.Add(parameter.Handle))];
    }

    /// <summary>Lets everything in these modules train.</summary>
    public static void MakeTrainable(IEnumerable<nn.Module> modules)
    {
        foreach (var part in FlattenModules(modules))
        {
            if (IsBatchNorm(part)) part.train();
            foreach (var (_, parameter) in part.named_parameters(recurse: false)) parameter.requires_grad = true;
        }
    }

    /// <summary>Stops the training of everything in these modules.</summary>
    /// <param name="modules">The modules.</param>
    /// <param name="trainBatchNorm">Leave batch normalisation as it is; otherwise its running statistics stand still, too.</param>
    public static void Freeze(IEnumerable<nn.Module> modules, bool trainBatchNorm = true)
    {
        foreach (var part in FlattenModules(modules))
        {
            var isNorm = IsBatchNorm(part);
            if (isNorm && !trainBatchNorm) part.eval();
            foreach (var (_, parameter) in part.named_parameters(recurse: false)) parameter.requires_grad = isNorm && trainBatchNorm;
        }
    }

    /// <summary>Lets these modules train, as a new parameter group of the optimizer. Parameters that the optimizer has already are left out, with a warning.</summary>
    /// <param name="modules">The modules.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="learningRate">The learning rate of the group; null for that of the first group divided by <paramref name="initialDenominator"/>.</param>
    /// <param name="initialDenominator">See <paramref name="learningRate"/>.</param>
    /// <param name="trainBatchNorm">Include the parameters of batch normalisation.</param>
    protected void UnfreezeAndAddParamGroup(
        IEnumerable<nn.Module> modules, optim.Optimizer optimizer, double? learningRate = null, double initialDenominator = 10, bool trainBatchNorm = true)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        nn.Module[] parts = [.. modules];
        MakeTrainable(parts);
        var known = optimizer.parameters().Select(parameter => parameter.Handle).ToHashSet();
        var all = FilterParameters(parts, trainBatchNorm);
        Parameter[] added = [.. all.Where(parameter => !known.Contains(parameter.Handle))];
        if (added.Length < all.Count)
        {
            _trainer?.Messages.Warn(
                MessageId.Information, $"{GetType().Name}: {all.Count - added.Length} of {all.Count} parameters are in the optimizer already and stay where they are. "
                + "Give the optimizer only what trains at first: parameters().Where(p => p.requires_grad).");
        }

        if (added.Length == 0) return;
        AddedParameterGroup.To(optimizer, added, learningRate ?? (optimizer.ParamGroups.First().LearningRate / initialDenominator));
    }

    /// <inheritdoc/>
    public override void OnReset()
    {
        _groups.Clear();
        (_trainer, _trainable, _restarting) = (null, null, false);
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        if (context.Stage != Stage.Fit) return;
        _trainer = context.Trainer;
        FreezeBeforeTraining(context.Module);
    }

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context)
    {
        if (!_restarting) return;
        _restarting = false;
        var parameters = context.Module.Module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        foreach (var name in _trainable ?? [])
        {
            if (parameters.TryGetValue(name, out var parameter)) parameter.requires_grad = true;
        }

        for (var i = 0; i < context.Trainer.Optimizers.Count; i++)
        {
            if (!_groups.TryGetValue(i, out var groups)) continue;
            var optimizer = context.Trainer.Optimizers[i].Optimizer;
            foreach (var names in groups.Skip(optimizer.ParamGroups.Count()))
            {
                // The learning rate follows with the state of the optimizer.
                AddedParameterGroup.To(optimizer, [.. names.Select(name => Named(parameters, name))], optimizer.ParamGroups.First().LearningRate);
            }
        }
    }

    /// <inheritdoc/>
    public override void OnTrainEpochStart(HookContext context)
    {
        for (var i = 0; i < context.Trainer.Optimizers.Count; i++)
        {
            var optimizer = context.Trainer.Optimizers[i].Optimizer;
            FinetuneFunction(context.Module, context.Trainer.CurrentEpoch, optimizer);
            RememberGroups(i, optimizer, context.Module.Module);
        }
    }

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["internal_optimizer_metadata"] = _groups.ToDictionary(
            entry => entry.Key.ToString(System.Globalization.CultureInfo.InvariantCulture),
            entry => (object?)entry.Value.Select(names => (object?)new Dictionary<string, object?> { ["params"] = names.Select(name => (object?)name).ToList() }).ToList()),
        ["trainable"] = (_trainable ?? []).Select(name => (object?)name).ToList(),
    };

    /// <inheritdoc/>
    public virtual void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _groups.Clear();
        foreach (var (index, value) in StateValues.IntegerKeyed(state.GetValueOrDefault("internal_optimizer_metadata") ?? new Dictionary<string, object?>(), "internal_optimizer_metadata"))
        {
            _groups[index] = [.. StateValues.Items(value, "internal_optimizer_metadata").OfType<IReadOnlyDictionary<string, object?>>()
                .Select(group => StateValues.Items(group.GetValueOrDefault("params"), "params").OfType<string>().ToList())];
        }

        _trainable = state.GetValueOrDefault("trainable") is { } names ? [.. StateValues.Items(names, "trainable").OfType<string>()] : [.. _groups.Values.SelectMany(groups => groups).SelectMany(group => group)];
        _restarting = true;
    }

    private static Parameter Named(Dictionary<string, Parameter> parameters, string name) => parameters.TryGetValue(name, out var parameter)
        ? parameter
        : throw new CheckpointException($"The checkpoint says that '{name}' was trained in a group of its own, but the module has no such parameter. Resume with the module that was trained.");

    private static bool IsBatchNorm(nn.Module module) => module.GetType().Name.StartsWith("BatchNorm", StringComparison.Ordinal);

    private void RememberGroups(int index, optim.Optimizer optimizer, nn.Module module)
    {
        var names = new Dictionary<IntPtr, string>();
        foreach (var (name, parameter) in module.named_parameters()) names.TryAdd(parameter.Handle, name);
        _groups[index] = [.. optimizer.ParamGroups.OfType<ParamGroup>().Select(group => group.Parameters.Select(parameter => names.GetValueOrDefault(parameter.Handle, "?")).ToList())];
        _trainable = [.. module.named_parameters().Where(entry => entry.parameter.requires_grad).Select(entry => entry.name)];
    }
}
