using LightningSharp.Optimization;

namespace LightningSharp;

/// <summary>Whether a module has a step: asked once per run, by the compiler's own names.</summary>
internal static class ModuleOverrides
{
    public static bool HasTrainingStep<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model)
        => IsOverridden((Func<TBatch, int, TorchSharp.torch.Tensor?>)model.TrainingStep) || IsOverridden((Func<TBatch, int, int, TorchSharp.torch.Tensor?>)model.TrainingStep) || HasWindowStep(model);

    /// <summary>A step for windows of a batch, with a hidden state.</summary>
    public static bool HasWindowStep<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model)
        => IsOverridden((Func<TBatch, int, HiddenState, TorchSharp.torch.Tensor?>)model.TrainingStep);

    public static bool HasValidationStep<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model)
        => IsOverridden((Action<TBatch, int>)model.ValidationStep) || IsOverridden((Action<TBatch, int, int>)model.ValidationStep);

    public static bool HasTestStep<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model)
        => IsOverridden((Action<TBatch, int>)model.TestStep) || IsOverridden((Action<TBatch, int, int>)model.TestStep);

    public static bool HasConfigureOptimizers<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model)
        => IsOverridden(model.ConfigureOptimizers);

    /// <summary>Whether the module sets the flags after an evaluation itself.</summary>
    public static bool HasModelTrain<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model)
        => IsOverridden(model.OnEvaluationModelTrain);

    public static bool IsOverridden(Delegate method)
        => method.Method.DeclaringType is { } type && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(LightningModule<,,>));
}
