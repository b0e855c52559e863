using static TorchSharp.torch;

namespace LightningSharp.Tests.Support;

/// <summary>The tiny model, with one line per hook and step.</summary>
public sealed class RecordingModel(List<string> lines) : TinyModel
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        lines.Add($"module TrainingStep({batchIndex})");
        return Loss(batch);
    }

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => lines.Add($"module ValidationStep({batchIndex})");

    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => lines.Add($"module TestStep({batchIndex})");

    public override Tensor PredictStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        lines.Add($"module PredictStep({batchIndex})");
        return call(batch.X);
    }

    public override OptimizerSetup ConfigureOptimizers()
    {
        lines.Add("module ConfigureOptimizers");
        return base.ConfigureOptimizers();
    }

    public override void PrepareData() => lines.Add("module PrepareData");

    public override void Setup(Stage stage) => lines.Add($"module Setup({stage})");

    public override void Teardown(Stage stage) => lines.Add($"module Teardown({stage})");

    public override void ConfigureModel() => lines.Add("module ConfigureModel");

    public override void OnFitStart() => lines.Add("module OnFitStart");

    public override void OnFitEnd() => lines.Add("module OnFitEnd");

    public override void OnTrainStart() => lines.Add("module OnTrainStart");

    public override void OnTrainEnd() => lines.Add("module OnTrainEnd");

    public override void OnTrainEpochStart() => lines.Add("module OnTrainEpochStart");

    public override void OnTrainEpochEnd() => lines.Add("module OnTrainEpochEnd");

    public override BatchFlow OnTrainBatchStart((Tensor X, Tensor Y) batch, int batchIndex)
    {
        lines.Add("module OnTrainBatchStart");
        return BatchFlow.Continue;
    }

    public override void OnTrainBatchEnd(Tensor? loss, (Tensor X, Tensor Y) batch, int batchIndex) => lines.Add("module OnTrainBatchEnd");

    public override void OnBeforeZeroGrad(LightningOptimizer optimizer) => lines.Add("module OnBeforeZeroGrad");

    public override void OptimizerZeroGrad(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        lines.Add("module OptimizerZeroGrad");
        base.OptimizerZeroGrad(epoch, batchIndex, optimizer);
    }

    public override void OnBeforeBackward(Tensor loss) => lines.Add("module OnBeforeBackward");

    public override void Backward(Tensor loss)
    {
        lines.Add("module Backward");
        base.Backward(loss);
    }

    public override void OnAfterBackward() => lines.Add("module OnAfterBackward");

    public override void OnBeforeOptimizerStep(LightningOptimizer optimizer) => lines.Add("module OnBeforeOptimizerStep");

    public override void ConfigureGradientClipping(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm)
        => lines.Add("module ConfigureGradientClipping");

    public override void OptimizerStep(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        lines.Add("module OptimizerStep");
        base.OptimizerStep(epoch, batchIndex, optimizer);
    }

    public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
    {
        lines.Add("module OnBeforeBatchTransfer");
        return batch;
    }

    public override (Tensor X, Tensor Y) TransferBatchToDevice((Tensor X, Tensor Y) batch, Device device, int dataLoaderIndex)
    {
        lines.Add("module TransferBatchToDevice");
        return base.TransferBatchToDevice(batch, device, dataLoaderIndex);
    }

    public override (Tensor X, Tensor Y) OnAfterBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
    {
        lines.Add("module OnAfterBatchTransfer");
        return batch;
    }

    public override void OnValidationModelZeroGrad() => lines.Add("module OnValidationModelZeroGrad");

    public override void OnEvaluationModelEval(Stage stage)
    {
        lines.Add("module OnEvaluationModelEval");
        base.OnEvaluationModelEval(stage);
    }

    public override void OnValidationStart() => lines.Add("module OnValidationStart");

    public override void OnValidationEnd() => lines.Add("module OnValidationEnd");

    public override void OnValidationEpochStart() => lines.Add("module OnValidationEpochStart");

    public override void OnValidationEpochEnd() => lines.Add("module OnValidationEpochEnd");

    public override void OnTestStart() => lines.Add("module OnTestStart");

    public override void OnTestEnd() => lines.Add("module OnTestEnd");

    public override void OnPredictStart() => lines.Add("module OnPredictStart");

    public override void OnPredictEnd() => lines.Add("module OnPredictEnd");
}
