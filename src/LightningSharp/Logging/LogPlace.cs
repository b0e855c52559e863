namespace LightningSharp.Logging;

/// <summary>The rules of logging by place (behaviour G3, G4): what the defaults are, and where logging is an error.</summary>
internal readonly record struct LogPlace(bool Allowed, bool DefaultOnStep, bool DefaultOnEpoch, bool AllowsStep)
{
    private static readonly LogPlace Step = new(true, true, false, true);
    private static readonly LogPlace Evaluation = new(true, false, true, true);
    private static readonly LogPlace EpochOnly = new(true, false, true, false);
    private static readonly LogPlace Forbidden = new(false, false, false, false);

    public static LogPlace Of(HookId hook) => hook switch
    {
        HookId.TrainingStep or HookId.OnTrainBatchStart or HookId.OnTrainBatchEnd or HookId.OnBeforeBackward or HookId.OnAfterBackward or HookId.Backward
            or HookId.OnBeforeZeroGrad or HookId.OptimizerZeroGrad or HookId.OnBeforeOptimizerStep or HookId.OptimizerStep or HookId.ConfigureGradientClipping => Step,
        HookId.ValidationStep or HookId.OnValidationBatchStart or HookId.OnValidationBatchEnd
            or HookId.TestStep or HookId.OnTestBatchStart or HookId.OnTestBatchEnd => Evaluation,
        HookId.OnTrainStart or HookId.OnTrainEpochStart or HookId.OnTrainEpochEnd
            or HookId.OnValidationStart or HookId.OnValidationEpochStart or HookId.OnValidationEpochEnd
            or HookId.OnTestStart or HookId.OnTestEpochStart or HookId.OnTestEpochEnd => EpochOnly,
        _ => Forbidden,
    };
}
