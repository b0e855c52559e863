using LightningSharp.Data;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>Where the loaders of an entry point come from: arguments, a data module, or the module itself. Each is asked for when it is needed, not before.</summary>
internal sealed class DataSource<TBatch>
{
    private readonly Func<IEnumerable<TBatch>?> _train;
    private readonly Func<IEnumerable<TBatch>?> _validation;
    private readonly Func<IEnumerable<TBatch>?> _test;
    private readonly Func<IEnumerable<TBatch>?> _predict;
    private readonly Trainer _trainer;

    private DataSource(
        Trainer trainer, DataModule<TBatch>? module, Func<IEnumerable<TBatch>?> train, Func<IEnumerable<TBatch>?> validation, Func<IEnumerable<TBatch>?> test,
        Func<IEnumerable<TBatch>?> predict, bool hasValidation)
        => (_trainer, Module, _train, _validation, _test, _predict, HasValidation) = (trainer, module, train, validation, test, predict, hasValidation);

    /// <summary>The data module, when there is one.</summary>
    public DataModule<TBatch>? Module { get; }

    /// <summary>Whether loaders were passed as arguments: they cannot be made anew with another batch size.</summary>
    public bool IsDirect { get; private init; }

    public static DataSource<TBatch> Of(
        Trainer trainer, IEnumerable<TBatch>? train = null, IEnumerable<TBatch>? validation = null, IEnumerable<TBatch>? test = null, IEnumerable<TBatch>? predict = null)
        => new(trainer, null, () => train, () => validation, () => test, () => predict, validation is not null) { IsDirect = true };

    public static DataSource<TBatch> Of(Trainer trainer, DataModule<TBatch> module)
        => new(
            trainer, module, module.TrainDataLoader, module.ValidationDataLoader, module.TestDataLoader, module.PredictDataLoader,
            ((Delegate)module.ValidationDataLoader).Method.DeclaringType != typeof(DataModule<TBatch>));

    public static DataSource<TBatch> Of<TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model)
        => new(
            trainer, null, model.TrainDataLoader, model.ValidationDataLoader, model.TestDataLoader, model.PredictDataLoader,
            ((Delegate)model.ValidationDataLoader).Method.DeclaringType != typeof(LightningModule<TBatch, TInput, TOutput>));

    /// <exception cref="MisconfigurationException">Loaders that are read one after another: that is a way to evaluate.</exception>
    public IEnumerable<TBatch>? Train() => Request(HookId.TrainDataLoader, _train) switch
    {
        LoaderGroup<TBatch> group => throw new MisconfigurationException(
            $"The training data is a LoaderGroup of {group.Loaders.Count} loaders, which are read one after another: that is for evaluation. "
            + "Train on a CombinedLoader (Zip or List, with MaxSizeCycle, MinSize or MaxSize), or on the data sets joined with Concat."),
        CombinedLoader<TBatch> { Mode: CombinedMode.Sequential } => throw new MisconfigurationException(
            "The training data is a CombinedLoader in the mode Sequential, which is for evaluation. Use MaxSizeCycle, MinSize or MaxSize for Fit, or join the data sets with Concat."),
        var loader => loader,
    };

    /// <summary>The loaders of an evaluation, with the suffix of their keys; empty when there are none.</summary>
    public IReadOnlyList<(string Name, IEnumerable<TBatch> Loader)> Evaluation(Stage stage)
    {
        var loader = stage switch
        {
            Stage.Test => Request(HookId.TestDataLoader, _test),
            Stage.Predict => Request(HookId.PredictDataLoader, _predict),
            _ => Request(HookId.ValidationDataLoader, _validation),
        };
        return loader switch
        {
            null => [],
            CombinedLoader<TBatch> { Mode: not CombinedMode.Sequential and var mode } when stage == Stage.Predict => throw new MisconfigurationException(
                $"The prediction data is a CombinedLoader in the mode {mode}. Predict needs every item once: use the mode Sequential, or a LoaderGroup."),
            LoaderGroup<TBatch> group => group.Loaders,
            _ => [(string.Empty, loader)],
        };
    }

    /// <summary>Whether there is validation data: an argument, or a loader method that is overridden; it is not asked for.</summary>
    public bool HasValidation { get; }

    // Validation may ask inside of a training batch, whose tensors are freed after it: what a loader holds lives as long as the loader.
    private IEnumerable<TBatch>? Request(HookId hook, Func<IEnumerable<TBatch>?> loader)
    {
        _trainer.Hook = hook;
        using var scope = NewDisposeScope();
        var made = loader();
        scope.Detach(scope.DisposablesView.ToArray());
        _trainer.Requested(hook, made);
        return made;
    }
}
