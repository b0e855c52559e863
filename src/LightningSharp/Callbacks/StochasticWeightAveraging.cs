using System.Globalization;
using LightningSharp.Diagnostics;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Stochastic weight averaging: late in training the learning rate is annealed to a constant, the weights at the start of each epoch are averaged, and the average becomes
/// the model at the end. For models with batch normalisation one more epoch runs forward over the training data, to compute the running statistics of the averaged weights.
/// </summary>
/// <remarks>Epochs are counted as in Lightning: with a start of n the weights at the start of the n-th epoch are the first to enter, those after the last epoch do not.</remarks>
/// <example><code>Callbacks = [new StochasticWeightAveraging(0.05)]</code></example>
public sealed class StochasticWeightAveraging : Callback, IStateful, IDisposable
{
    private readonly double[] _rates;
    private double? _startFraction;
    private readonly int _startEpoch;
    private readonly int _annealingEpochs;
    private readonly SwaAnnealing _annealing;
    private Dictionary<string, Tensor>? _average;
    private IReadOnlyDictionary<string, object?>? _restored;
    private SwaStatistics? _statistics;
    private SwaStatistics? _restore;
    private int _start;
    private int _last;
    private int _latestEpoch = -1;
    private bool _initialized;
    private bool _isTransferred;

    /// <summary>Averages from a fraction of the run on.</summary>
    /// <param name="learningRate">The learning rate of the averaging phase.</param>
    /// <param name="startFraction">After which part of <see cref="TrainerOptions.MaxEpochs"/> it begins, 0 to 1.</param>
    /// <param name="annealingEpochs">In how many epochs the learning rate moves there.</param>
    /// <param name="annealing">By which curve.</param>
    public StochasticWeightAveraging(double learningRate, double startFraction = 0.8, int annealingEpochs = 10, SwaAnnealing annealing = SwaAnnealing.Cosine)
        : this([learningRate], annealingEpochs, annealing)
        => _startFraction = startFraction is >= 0 and <= 1 ? startFraction : throw new ArgumentOutOfRangeException(
            nameof(startFraction), startFraction, $"StochasticWeightAveraging was given startFraction = {Text(startFraction)}: expected 0 to 1, or a number of epochs by StartingAt.");

    private StochasticWeightAveraging(double[] rates, int annealingEpochs, SwaAnnealing annealing, int startEpoch = 0)
    {
        if (rates.Length == 0 || rates.Any(rate => !(rate > 0)))
            throw new ArgumentOutOfRangeException(nameof(rates), string.Join(", ", rates.Select(Text)), $"StochasticWeightAveraging was given the learning rates [{string.Join(", ", rates.Select(Text))}]: expected positive numbers, one or one for each parameter group.");
        if (annealingEpochs < 0) throw new ArgumentOutOfRangeException(nameof(annealingEpochs), annealingEpochs, $"StochasticWeightAveraging was given annealingEpochs = {annealingEpochs}: expected 0 or more.");
        (_rates, _annealingEpochs, _annealing, _startEpoch) = (rates, annealingEpochs, annealing, startEpoch);
    }

    /// <summary>Averages from an epoch on.</summary>
    /// <param name="epoch">The first epoch that enters, counted from 1.</param>
    /// <param name="learningRates">The learning rate of the averaging phase, one for all parameter groups or one for each.</param>
    /// <param name="annealingEpochs">In how many epochs the learning rate moves there.</param>
    /// <param name="annealing">By which curve.</param>
    public static StochasticWeightAveraging StartingAt(int epoch, double[] learningRates, int annealingEpochs = 10, SwaAnnealing annealing = SwaAnnealing.Cosine)
    {
        ArgumentNullException.ThrowIfNull(learningRates);
        if (epoch < 1) throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"StochasticWeightAveraging was given the start epoch {epoch}: expected 1 or more, or a fraction of the run.");
        return new([.. learningRates], annealingEpochs, annealing, epoch);
    }

    /// <summary>Averages from a moment of the run on: an epoch counted from 1, or a part of the run.</summary>
    /// <inheritdoc cref="StartingAt(int, double[], int, SwaAnnealing)"/>
    /// <exception cref="ArgumentException">Another unit: the average is taken at starts of epochs.</exception>
    public static StochasticWeightAveraging StartingAt(Duration start, double[] learningRates, int annealingEpochs = 10, SwaAnnealing annealing = SwaAnnealing.Cosine)
    {
        if (start.Unit == DurationUnit.Epochs) return StartingAt((int)start.Amount, learningRates, annealingEpochs, annealing);
        if (start.Unit != DurationUnit.RunFraction)
            throw new ArgumentException($"StochasticWeightAveraging was given the start {start}: expected epochs (Duration.Epochs(n)) or a part of the run (Duration.RunFraction(f)), as weights enter at starts of epochs.", nameof(start));
        ArgumentNullException.ThrowIfNull(learningRates);
        return new([.. learningRates], annealingEpochs, annealing) { _startFraction = start.Amount };
    }

    /// <summary>How many epochs have entered the average.</summary>
    public long Averaged { get; private set; }

    /// <inheritdoc/>
    public override void OnReset()
    {
        Dispose();
        (Averaged, _latestEpoch, _initialized, _restored, _isTransferred) = (0, -1, false, null, false);
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        if (context.Stage == Stage.Fit) OnReset();
    }

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context)
    {
        var trainer = context.Trainer;
        Require(trainer);
        var epochs = trainer.MaxEpochs!.Value; // required above
        _start = Math.Max((_startFraction is { } fraction ? (int)(epochs * fraction) : _startEpoch) - 1, 0);
        _last = epochs - 1;
        _statistics = _start <= _last ? SwaStatistics.Of(context.Module.Module) : null;
        if (_start > _last)
        {
            trainer.Messages.Warn(
                MessageId.Information, $"StochasticWeightAveraging begins with epoch {_start + 1}, but training ends after {epochs}: nothing is averaged. Let it begin earlier, or raise {nameof(TrainerOptions.MaxEpochs)}.");
        }

        if (_statistics is not null) trainer.MaxEpochs = epochs + 1;
        if (_restored is not null) Begin(trainer, context.Module.Module);
    }

    /// <inheritdoc/>
    public override void OnTrainEpochStart(HookContext context)
    {
        var (trainer, module) = (context.Trainer, context.Module.Module);
        var epoch = trainer.CurrentEpoch;
        if (epoch >= _start && epoch <= _last)
        {
            if (!_initialized) Begin(trainer, module);
            if (epoch <= _latestEpoch) return;
            Enter(module);
            _latestEpoch = epoch;
        }
        else if (epoch == _last + 1 && _statistics is not null && Averaged > 0)
        {
            Transfer(module);
            _statistics.Start();
            _restore = _statistics;
            trainer.SkipBackward = true;
        }
    }

    /// <inheritdoc/>
    public override void OnTrainBatchStart(BatchContext context) => _restore?.NextBatch(context.BatchIndex);

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context) => context.Trainer.SkipBackward = false;

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context)
    {
        if (_restore is null && Averaged > 0 && context.Trainer.CurrentEpoch - 1 == _last) Transfer(context.Module.Module);
        Finish(context.Trainer);
    }

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context) => Finish(context.Trainer);

    /// <inheritdoc/>
    /// <remarks>A run that ended before the average became the model keeps it: a checkpoint that is saved by hand now must hold it.</remarks>
    public override void Teardown(StageContext context)
    {
        if (_isTransferred) Dispose();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["n_averaged"] = Averaged,
        ["latest_update_epoch"] = (long)_latestEpoch,
        ["average_model_state"] = _average?.ToDictionary(entry => entry.Key, entry => (object?)entry.Value),
    };

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Averaged = state.Whole("n_averaged", 0);
        _latestEpoch = state.Count("latest_update_epoch", -1);
        if (Averaged == 0 || WeightEntries.Of(state.GetValueOrDefault("average_model_state")) is not { } average) return;
        using var noGrad = no_grad();
        _average = average.ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
        _restored = state;
    }

    /// <summary>Frees the average.</summary>
    public void Dispose()
    {
        foreach (var tensor in _average?.Values.ToArray() ?? []) tensor.Dispose();
        _average = null;
    }

    private static void Require(Trainer trainer)
    {
        var problems = new List<string>();
        if (trainer.Optimizers.Count != 1) problems.Add($"exactly one optimizer is expected; ConfigureOptimizers returned {trainer.Optimizers.Count}");
        if (trainer.Schedulers.Count > 1) problems.Add($"at most one scheduler is expected, as the averaging phase replaces it; ConfigureOptimizers returned {trainer.Schedulers.Count}");
        if (trainer.MaxEpochs is null) problems.Add($"{nameof(TrainerOptions.MaxEpochs)} is needed, as averaging begins and ends by it; there is no limit");
        if (problems.Count > 0) throw new MisconfigurationException($"StochasticWeightAveraging cannot work:\n  - {string.Join("\n  - ", problems)}");
    }

    private void Begin(Trainer trainer, nn.Module module)
    {
        _initialized = true;
        var optimizer = trainer.Optimizers[0];
        var groups = optimizer.Optimizer.ParamGroups.Count();
        if (_rates.Length != 1 && _rates.Length != groups)
            throw new MisconfigurationException($"StochasticWeightAveraging was given {_rates.Length} learning rates, but the optimizer has {groups} parameter groups. Give one, or one for each group.");
        double[] rates = _rates.Length == groups ? [.. _rates] : [.. Enumerable.Repeat(_rates[0], groups)];
        optimizer.Entry.Schedulers = [new SchedulerSetup(new AnnealedToSwa(optimizer.Optimizer, rates, _annealingEpochs, _annealing == SwaAnnealing.Cosine))];
        using var noGrad = no_grad();
        _average ??= module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.clone().DetachFromDisposeScope());
    }

    private void Enter(nn.Module module)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var weight = new BlendWeight(1.0 / (Averaged + 1));
        foreach (var (name, parameter) in module.named_parameters()) weight.Enter(_average![name], parameter); // made by Begin
        Averaged++;
    }

    private void Transfer(nn.Module module)
    {
        _isTransferred = true;
        using var noGrad = no_grad();
        foreach (var (name, parameter) in module.named_parameters()) parameter.copy_(_average![name]); // made by Begin
    }

    private void Finish(Trainer trainer)
    {
        _restore?.End();
        _restore = null;
        trainer.SkipBackward = false;
        if (_statistics is null) return;
        trainer.MaxEpochs = _last + 1;
        _statistics = null;
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
