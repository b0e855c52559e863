using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Data.Resolving;
using LightningSharp.Diagnostics;
using LightningSharp.Logging;
using LightningSharp.Loops;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>What an entry point prepares before its loop runs, in the order of events, and takes down after it.</content>
public sealed partial class Trainer
{
    private void SetUp<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, FitLoop<TBatch, TInput, TOutput>? fit, Stage stage)
    {
        _stepThread = Environment.CurrentManagedThreadId;
        Exclusive.RunsOn(this, _stepThread);
        _buildAtBoundary = boundary => Checkpointer.Build(this, model, data.Module, fit?.BoundaryState(boundary), weightsOnly: false);
        _build = weightsOnly => Checkpointer.Build(this, model, data.Module, BeforeLastBatch(fit?.State()), weightsOnly);
        if (Options.Seed is { } seed) manual_seed(seed);
        model.Attach(this);
        RequireSteps(model, stage);
        if (IsTrial)
        {
            SetUpTrial(model, stage);
            return;
        }

        Hook = HookId.PrepareData;
        DownloadConsole.During(Options, () =>
        {
            data.Module?.PrepareData();
            model.PrepareData();
        });
        OpenCheckpoint();
        OpenRun(stage);
        Hook = HookId.Setup;
        DownloadConsole.During(Options, () => data.Module?.Setup(stage));
        _hooks.Setup(new(this, model, stage));
        model.Setup(stage);
        Hook = HookId.ConfigureModel;
        using (Running.Precision.Creation()) model.ConfigureModel();
        model.Attach(this); // layers that ConfigureModel made
        Running.Precision.ConvertModule(model); // before the weights are loaded, or 64 bits would pass through 32
        EnterPhase(RunPhase.Restore);
        RestoreModel(model, data.Module);
        EnterPhase(RunPhase.Setup);
        if (_strategy.Device.type != DeviceType.CPU || model.parameters().Any(parameter => parameter.device_type != DeviceType.CPU)) TiedWeights.Move(model, () => model.to(_strategy.Device));
        if (stage == Stage.Fit) SetUpFit(model, data.Module);
    }

    private void SetUpFit<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch>? data)
    {
        if (!model.parameters().Any(parameter => parameter.requires_grad))
        {
            throw new MisconfigurationException(
                $"{model.GetType().Name} has no trainable parameters: nothing would be learned. Keep layers in fields of the module (not in local variables or plain lists), "
                + "and check that they are not frozen. In a trimmed or AOT application, check that the application's own assembly is kept.");
        }

        SavesFailedSteps = Callbacks.OfType<ModelCheckpoint>().Any(callback => callback.Events.HasFlag(CheckpointEvents.Exception));
        Hook = HookId.ConfigureOptimizers;
        set_grad_enabled(true);
        Running.Arrange(model, model.AutomaticOptimization && !UsesWindows(model));
        OptimizerSetup = model.ConfigureOptimizers() ?? throw new MisconfigurationException(
            $"{model.GetType().Name}.ConfigureOptimizers returned null. Return an optimizer, or OptimizerSetup.None to train without one.");
        OptimizerSetup.Validate(model.AutomaticOptimization);
        if (model.AutomaticOptimization) OptimizerSetup.RequireParametersOf(model);
        foreach (var doubt in OptimizerSetup.Doubts(model.AutomaticOptimization)) Messages.Warn(MessageId.SchedulerSetting, doubt);
        _optimizers = [.. OptimizerSetup.Entries.Select((entry, index) => new LightningOptimizer(this, model, entry, Running.Accelerate(entry.Optimizer, model.AutomaticOptimization), index))];
        Running.Require(_optimizers);
        _single = [.. _optimizers.Select(optimizer => new[] { optimizer })];
        if (_optimizers.Length == 0) Messages.Warn(MessageId.NoOptimizer, "There is no optimizer: steps and backward run, but no weight changes.");
        var context = new HookContext(this, model);
        SetTotalSteps();
        _hooks.OnFitStart(context);
        model.OnFitStart();
        LogHyperParameters(model, data?.HyperParameters);
        BeginRecord(model);
        model.zero_grad(set_to_none: true);
        RestoreTraining();
        RestorePrecision();
        _watch?.Snapshot.Begin(model);
        _batchNorms = new BatchNormCheck(model);
    }

    // Schedules that end with the run learn its length here; what the user gave stays.
    private void SetTotalSteps()
    {
        foreach (var optimizer in _optimizers)
        {
            foreach (var setup in optimizer.Entry.Schedulers)
            {
                if (setup.Scheduler is not INeedsTotalSteps { TotalSteps: null } open) continue;
                var total = setup.Interval == SchedulerInterval.Step ? ShareOf(optimizer, EstimatedSteppingBatches) : Limits.MaxEpochs;
                if (total is { } steps) open.TotalSteps = (int)Math.Max(1, steps / setup.Frequency);
            }
        }
    }

    // Optimizers that take turns share the steps of the run.
    private long? ShareOf(LightningOptimizer optimizer, long? steps)
    {
        if (!OptimizerSetup.Alternating || steps is not { } total) return steps;
        var cycle = _optimizers.Sum(other => (long)other.Entry.Frequency);
        var before = _optimizers.Take(optimizer.Index).Sum(other => (long)other.Entry.Frequency);
        return (total / cycle * optimizer.Entry.Frequency) + Math.Clamp((total % cycle) - before, 0, optimizer.Entry.Frequency);
    }

    private void TearDown<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Stage stage)
    {
        if (IsTrial) return;
        EnterPhase(RunPhase.Teardown);
        if (stage == Stage.Fit)
        {
            _hooks.OnFitEnd(new(this, model));
            model.OnFitEnd();
        }

        Hook = HookId.Teardown;
        data.Module?.Teardown(stage);
        _hooks.Teardown(new(this, model, stage));
        model.Teardown(stage);
    }

    private bool UsesWindows<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model)
        => Options.TruncatedBpttSteps > 0 || (model.AutomaticOptimization && ModuleOverrides.HasWindowStep(model));

    internal IOptimizationEngine<TBatch> CreateEngine<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, Hooks hooks)
    {
        var windows = UsesWindows(model);
        if (model.AutomaticOptimization || windows)
        {
            ManualOptimization = new AutomaticOnly();
            if (windows) return new TruncatedOptimization<TBatch, TInput, TOutput>(this, model, hooks);
            if (_optimizers is [{ Optimizer: TorchSharp.Modules.LBFGS }]) return new ClosureOptimization<TBatch, TInput, TOutput>(this, model, hooks);
            return new AutomaticOptimization<TBatch, TInput, TOutput>(this, model, hooks);
        }

        var manual = new ManualOptimization<TBatch, TInput, TOutput>(this, model, hooks);
        ManualOptimization = manual;
        return manual;
    }

    private void RequireSteps<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, Stage stage)
    {
        var missing = stage switch
        {
            Stage.Fit when !ModuleOverrides.HasTrainingStep(model) => nameof(model.TrainingStep),
            Stage.Fit when !ModuleOverrides.HasConfigureOptimizers(model) => nameof(model.ConfigureOptimizers),
            Stage.Validate when !ModuleOverrides.HasValidationStep(model) => nameof(model.ValidationStep),
            Stage.Test when !ModuleOverrides.HasTestStep(model) => nameof(model.TestStep),
            _ => null,
        };
        if (missing is not null) throw new MisconfigurationException($"{model.GetType().Name} does not override {missing}, which {stage} needs. Override it.");
        if (stage != Stage.Fit || model.AutomaticOptimization) return;
        if (Options.GradientClipVal is > 0)
            throw new MisconfigurationException($"{nameof(TrainerOptions.GradientClipVal)} = {Options.GradientClipVal} does not work with manual optimization: call ClipGradients in the step before the optimizer's Step().");
        if (Options.AccumulateGradBatches != 1)
            throw new MisconfigurationException($"{nameof(TrainerOptions.AccumulateGradBatches)} = {Options.AccumulateGradBatches} does not work with manual optimization: step the optimizer at every n-th batch yourself.");
    }

    private void OpenRun(Stage stage)
    {
        if (_loggers.IsEmpty && !Options.EnableCheckpointing || Options.FastDevRun.IsOn || stage == Stage.Predict) return;
        if (Run is null || (_loggersAreNew && _loggers.Directory is not null))
        {
            var root = Options.DefaultRootDir is { } folder ? ExpandHome(folder) : Environment.CurrentDirectory;
            Run = _loggers.Directory is { } own
                ? new RunInfo(Path.GetFullPath(own), Path.GetFileName(Path.GetDirectoryName(own)) ?? string.Empty, Path.GetFileName(own))
                : RunFolder.Allocate(root);
        }

        _loggersAreNew = false;
        if (stage == Stage.Fit) ClaimFolder(Run.Value.Directory);
        _loggers.Start(Run.Value);
    }

    // Before anything is written: another process may be in this folder, and then nothing of it is touched, not even for a report.
    private void ClaimFolder(string folder)
    {
        try
        {
            _watch?.OpenRecord(folder);
        }
        catch (MisconfigurationException)
        {
            Run = null;
            throw;
        }
    }

    // A callback of the module takes the place of the Trainer's of the same or a base type (behaviour LS16), for this run.
    private void UseCallbacksOf(ILightningModule model)
    {
        Hook = HookId.ConfigureCallbacks;
        Callback[] own = [.. model.ConfigureCallbacks()];
        var replaced = _userCallbacks.Where(callback => own.Any(other => callback.GetType().IsInstanceOfType(other))).ToList();
        if (replaced.Count > 0)
        {
            Messages.Inform(
                MessageId.Information, $"{model.GetType().Name}.ConfigureCallbacks replaces callbacks of the Trainer: {string.Join(", ", replaced.Select(callback => callback.GetType().Name).Distinct())}.");
        }

        _hooks.Use([.. _userCallbacks.Except(replaced), .. own]);
    }
}
