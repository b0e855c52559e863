using System.Runtime.CompilerServices;
using LightningSharp.Checkpointing;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>The tiny model, throwing in one hook.</summary>
internal sealed class ThrowingModel(string hook) : TinyModel
{
    public static IReadOnlyList<string> Hooks { get; } =
    [
        nameof(OnFitStart), nameof(OnFitEnd), nameof(OnTrainStart), nameof(OnTrainEnd), nameof(OnTrainEpochStart),
        nameof(OnTrainEpochEnd), nameof(OnTrainBatchEnd), nameof(OnBeforeZeroGrad), nameof(OnBeforeBackward), nameof(OnAfterBackward),
        nameof(OnBeforeOptimizerStep), nameof(OnValidationStart), nameof(OnValidationEnd), nameof(OnValidationEpochStart), nameof(OnValidationEpochEnd),
        nameof(OnValidationBatchStart), nameof(OnValidationBatchEnd), nameof(OnTestBatchStart), nameof(OnTestBatchEnd), nameof(OnTestStart),
        nameof(OnTestEnd), nameof(OnTestEpochStart), nameof(OnTestEpochEnd), nameof(OnPredictStart), nameof(OnPredictEnd),
        nameof(OnPredictEpochStart), nameof(OnPredictEpochEnd), nameof(OnPredictBatchStart), nameof(OnPredictBatchEnd), nameof(OnSaveCheckpoint),
        nameof(OnLoadCheckpoint), nameof(OnValidationModelZeroGrad), nameof(PrepareData), nameof(Setup), nameof(Teardown),
        nameof(ConfigureModel), nameof(OnTrainBatchStart), nameof(OnBeforeBatchTransfer), nameof(TransferBatchToDevice), nameof(OnAfterBatchTransfer),
        nameof(TrainingStep), nameof(PredictStep), nameof(ConfigureOptimizers), nameof(OnEvaluationModelEval), nameof(ValidationStep),
        nameof(TestStep), nameof(Backward), nameof(OptimizerStep), nameof(OptimizerZeroGrad), nameof(ConfigureGradientClipping),
        nameof(forward),
    ];

    public InvalidOperationException Thrown { get; } = new($"from the module's {hook}");

    public bool Armed { get; set; } = true;

    public override void OnFitStart() => At();

    public override void OnFitEnd() => At();

    public override void OnTrainStart() => At();

    public override void OnTrainEnd() => At();

    public override void OnTrainEpochStart() => At();

    public override void OnTrainEpochEnd() => At();

    public override void OnTrainBatchEnd(Tensor? loss, (Tensor X, Tensor Y) batch, int batchIndex) => At();

    public override void OnBeforeZeroGrad(LightningOptimizer optimizer) => At();

    public override void OnBeforeBackward(Tensor loss) => At();

    public override void OnAfterBackward() => At();

    public override void OnBeforeOptimizerStep(LightningOptimizer optimizer) => At();

    public override void OnValidationStart() => At();

    public override void OnValidationEnd() => At();

    public override void OnValidationEpochStart() => At();

    public override void OnValidationEpochEnd() => At();

    public override void OnValidationBatchStart((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => At();

    public override void OnValidationBatchEnd((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => At();

    public override void OnTestBatchStart((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => At();

    public override void OnTestBatchEnd((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => At();

    public override void OnTestStart() => At();

    public override void OnTestEnd() => At();

    public override void OnTestEpochStart() => At();

    public override void OnTestEpochEnd() => At();

    public override void OnPredictStart() => At();

    public override void OnPredictEnd() => At();

    public override void OnPredictEpochStart() => At();

    public override void OnPredictEpochEnd() => At();

    public override void OnPredictBatchStart((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => At();

    public override void OnPredictBatchEnd(Tensor? prediction, (Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => At();

    public override void OnSaveCheckpoint(Checkpoint checkpoint) => At();

    public override void OnLoadCheckpoint(Checkpoint checkpoint) => At();

    public override void OnValidationModelZeroGrad() => At();

    public override void PrepareData() => At();

    public override void Setup(Stage stage) => At();

    public override void Teardown(Stage stage) => At();

    public override void ConfigureModel() => At();

    public override BatchFlow OnTrainBatchStart((Tensor X, Tensor Y) batch, int batchIndex)
    {
        At();
        return base.OnTrainBatchStart(batch, batchIndex);
    }

    public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
    {
        At();
        return batch;
    }

    public override (Tensor X, Tensor Y) TransferBatchToDevice((Tensor X, Tensor Y) batch, Device device, int dataLoaderIndex)
    {
        At();
        return base.TransferBatchToDevice(batch, device, dataLoaderIndex);
    }

    public override (Tensor X, Tensor Y) OnAfterBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
    {
        At();
        return batch;
    }

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        At();
        return base.TrainingStep(batch, batchIndex);
    }

    public override Tensor PredictStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        At();
        return base.PredictStep(batch, batchIndex);
    }

    public override OptimizerSetup ConfigureOptimizers()
    {
        At();
        return base.ConfigureOptimizers();
    }

    public override void OnEvaluationModelEval(Stage stage)
    {
        At();
        base.OnEvaluationModelEval(stage);
    }

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        At();
        base.ValidationStep(batch, batchIndex);
    }

    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        At();
        base.TestStep(batch, batchIndex);
    }

    public override void Backward(Tensor loss)
    {
        At();
        base.Backward(loss);
    }

    public override void OptimizerStep(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        At();
        base.OptimizerStep(epoch, batchIndex, optimizer);
    }

    public override void OptimizerZeroGrad(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        At();
        base.OptimizerZeroGrad(epoch, batchIndex, optimizer);
    }

    public override void ConfigureGradientClipping(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm)
    {
        At();
        base.ConfigureGradientClipping(optimizer, clipVal, algorithm);
    }

    public override Tensor forward(Tensor x)
    {
        At();
        return base.forward(x);
    }

    private void At([CallerMemberName] string name = "")
    {
        if (Armed && name == hook) throw Thrown;
    }
}
