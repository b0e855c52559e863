using LightningSharp.Optimization;
using System.Collections;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace LightningSharp;

/// <summary>
/// What <c>ConfigureOptimizers</c> returns: <c>adam</c>, <c>(adam, scheduler)</c>, or a list of either: <c>[generator, (discriminator, scheduler)]</c>.
/// </summary>
[CollectionBuilder(typeof(OptimizerSetup), nameof(Create))]
public sealed class OptimizerSetup : IEnumerable<OptimizerEntry>
{
    private readonly OptimizerEntry[] _entries;

    private OptimizerSetup(OptimizerEntry[] entries) => _entries = entries;

    /// <summary>No optimizer: the steps run, nothing is updated.</summary>
    public static OptimizerSetup None { get; } = new([]);

    /// <summary>The optimizers with their schedulers.</summary>
    public IReadOnlyList<OptimizerEntry> Entries => _entries;

    /// <summary>Several optimizers in automatic mode: all step on every batch's one loss (<c>false</c>), or they take turns (<c>true</c>).</summary>
    /// <value>Default: false.</value>
    public bool Alternating { get; init; }

    /// <summary>Builds a set-up; collection expressions call it.</summary>
    public static OptimizerSetup Create(ReadOnlySpan<OptimizerEntry> entries) => new(entries.ToArray());

    /// <summary>The optimizers take turns: each is trained on as many batches in a row as its <see cref="OptimizerEntry.Frequency"/> says.</summary>
    public static OptimizerSetup Alternate(params OptimizerEntry[] entries) => new(entries) { Alternating = true };

    /// <summary>One optimizer.</summary>
    public static implicit operator OptimizerSetup(torch.optim.Optimizer optimizer) => new([optimizer]);

    /// <summary>Several optimizers.</summary>
    public static implicit operator OptimizerSetup(torch.optim.Optimizer[] optimizers) => new(Array.ConvertAll(optimizers, optimizer => (OptimizerEntry)optimizer));

    /// <summary>One optimizer with its schedulers.</summary>
    public static implicit operator OptimizerSetup(OptimizerEntry entry) => new([entry]);

    /// <summary>Several optimizers with their schedulers.</summary>
    public static implicit operator OptimizerSetup(OptimizerEntry[] entries) => new(entries);

    /// <summary>An optimizer and a scheduler that steps once per epoch.</summary>
    public static implicit operator OptimizerSetup((torch.optim.Optimizer Optimizer, LearningRateScheduler Scheduler) pair) => new([pair]);

    /// <summary>An optimizer and a scheduler.</summary>
    public static implicit operator OptimizerSetup((torch.optim.Optimizer Optimizer, SchedulerSetup Scheduler) pair) => new([pair]);

    /// <inheritdoc/>
    public IEnumerator<OptimizerEntry> GetEnumerator() => ((IEnumerable<OptimizerEntry>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Refuses what cannot train, all problems at once.</summary>
    /// <exception cref="MisconfigurationException">See the message.</exception>
    internal void Validate(bool automatic)
    {
        var problems = new List<string>();
        for (var i = 0; i < _entries.Length; i++)
        {
            var entry = _entries[i];
            foreach (var group in entry.Optimizer.ParamGroups)
            {
                if (group.LearningRate is not (>= 0 and < double.PositiveInfinity))
                    problems.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"optimizer {i} ({entry.Optimizer.GetType().Name}) has the learning rate {group.LearningRate}: expected a number from 0"));
            }

            if (!entry.Optimizer.parameters().Any()) problems.Add($"optimizer {i} ({entry.Optimizer.GetType().Name}) has no parameters: give it parameters() of the module");
            if (entry.Frequency < 1) problems.Add($"optimizer {i} has Frequency = {entry.Frequency}: expected at least 1");
            foreach (var setup in entry.Schedulers) problems.AddRange(Problems(setup, automatic));
        }

        if (automatic && _entries.Length > 1 && _entries.Any(entry => entry.Optimizer is TorchSharp.Modules.LBFGS))
            problems.Add($"LBFGS is one of {_entries.Length} optimizers: it evaluates the loss itself, which automatic optimization does for one optimizer alone. Return it alone, or set AutomaticOptimization = false");
        if (problems.Count > 0) throw new MisconfigurationException($"ConfigureOptimizers returned a set-up that cannot work:\n  - {string.Join("\n  - ", problems)}");
    }

    /// <summary>Refuses optimizers that train nothing of the module: those of another model, or made before the module was moved.</summary>
    /// <exception cref="MisconfigurationException">An optimizer has no parameter of the module.</exception>
    internal void RequireParametersOf(torch.nn.Module module)
    {
        var own = module.parameters().ToHashSet(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Optimizer is TorchSharp.Modules.LBFGS) continue; // native: gives out new wrappers of its parameters each time
            if (_entries[i].Optimizer.parameters().Any(own.Contains)) continue;
            throw new MisconfigurationException(
                $"ConfigureOptimizers of {module.GetType().Name} returned optimizer {i} ({_entries[i].Optimizer.GetType().Name}), which has none of the module's parameters: nothing of it would be learned. "
                + "Give it parameters() of this module, and create it in ConfigureOptimizers: moving or converting a module makes new parameters.");
        }
    }

    /// <summary>Settings that work, but hardly as meant.</summary>
    internal IEnumerable<string> Doubts(bool automatic)
    {
        foreach (var setup in _entries.SelectMany(entry => entry.Schedulers))
        {
            var name = setup.Scheduler.GetType().Name;
            if (automatic && setup is { Interval: SchedulerInterval.Epoch, Scheduler: OneCycleLR })
                yield return $"{name} steps once per epoch, but is made for a step after each optimizer step: use new SchedulerSetup(scheduler) {{ Interval = SchedulerInterval.Step }}.";
            if (!automatic && (setup.Monitor is not null || !setup.Strict))
                yield return $"{name}: Monitor and Strict have no effect in manual optimization, where the module steps its schedulers itself.";
        }
    }

    private IEnumerable<string> Problems(SchedulerSetup setup, bool automatic)
    {
        var name = setup.Scheduler.GetType().Name;
        if (!Enum.IsDefined(setup.Interval)) yield return $"{name} has Interval = {(int)setup.Interval}: expected SchedulerInterval.Epoch or SchedulerInterval.Step";
        if (setup.Frequency < 1) yield return $"{name} has Frequency = {setup.Frequency}: expected at least 1";
        if (automatic && setup.NeedsMetric && setup.Monitor is null) yield return $"{name} reads a metric: set Monitor to the key of a logged value, for example Monitor = \"val_loss\"";
        if (!_entries.Any(entry => ReferenceEquals(entry.Optimizer, setup.Scheduler.Optimizer)))
            yield return $"{name} schedules an optimizer that was not returned: return that optimizer as well";
    }
}
