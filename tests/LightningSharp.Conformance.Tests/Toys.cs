using System.Text.Json.Nodes;
using LightningSharp.Data;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace LightningSharp.Conformance;

/// <summary>The toy over pairs of inputs and targets, without any step: which of them exist is decided by the class, as for users.</summary>
internal abstract class ToyPairs(Recorder recorder, JsonObject config, JsonObject? data) : ToyModule<(Tensor X, Tensor Y)>(recorder, config, data)
{
    /// <summary>The module with the steps that the case defines.</summary>
    public static ToyPairs Create(Recorder recorder, JsonObject config, JsonObject? data)
    {
        if (Missing(config, "train")) return new ToyWithoutTraining(recorder, config, data);
        if (Missing(config, "configure_optimizers")) return new ToyWithoutOptimizer(recorder, config, data);
        if (Missing(config, "test")) return new ToyWithoutTest(recorder, config, data);
        if (Missing(config, "val")) return Missing(config, "predict") ? new ToyWithoutValidationAndPredict(recorder, config, data) : new ToyWithoutValidation(recorder, config, data);
        return Missing(config, "predict") ? new ToyWithoutPredict(recorder, config, data) : new Toy(recorder, config, data);
    }

    protected override Tensor Loss((Tensor X, Tensor Y) batch) => F.mse_loss(call(batch.X), batch.Y);

    protected override int SizeOf((Tensor X, Tensor Y) batch) => (int)batch.X.shape[0];

    protected Tensor Predict((Tensor X, Tensor Y) batch, int batchIndex, int loader)
    {
        RecordPredict(batchIndex, loader);
        return call(batch.X);
    }

    private static bool Missing(JsonObject config, string step) => (bool?)config[step] == false;
}

internal sealed class Toy(Recorder recorder, JsonObject config, JsonObject? data) : ToyPairs(recorder, config, data)
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("validation_step", batch, batchIndex, dataLoaderIndex);

    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("test_step", batch, batchIndex, dataLoaderIndex);

    public override Tensor PredictStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Predict(batch, batchIndex, dataLoaderIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);
}

internal sealed class ToyWithoutValidation(Recorder recorder, JsonObject config, JsonObject? data) : ToyPairs(recorder, config, data)
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);

    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("test_step", batch, batchIndex, dataLoaderIndex);

    public override Tensor PredictStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Predict(batch, batchIndex, dataLoaderIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);
}

internal sealed class ToyWithoutValidationAndPredict(Recorder recorder, JsonObject config, JsonObject? data) : ToyPairs(recorder, config, data)
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);

    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("test_step", batch, batchIndex, dataLoaderIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);
}

internal sealed class ToyWithoutPredict(Recorder recorder, JsonObject config, JsonObject? data) : ToyPairs(recorder, config, data)
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("validation_step", batch, batchIndex, dataLoaderIndex);

    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("test_step", batch, batchIndex, dataLoaderIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);
}

internal sealed class ToyWithoutTest(Recorder recorder, JsonObject config, JsonObject? data) : ToyPairs(recorder, config, data)
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("validation_step", batch, batchIndex, dataLoaderIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);
}

internal sealed class ToyWithoutTraining(Recorder recorder, JsonObject config, JsonObject? data) : ToyPairs(recorder, config, data)
{
    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex) => Evaluate("validation_step", batch, batchIndex, dataLoaderIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);
}

internal sealed class ToyWithoutOptimizer(Recorder recorder, JsonObject config, JsonObject? data) : ToyPairs(recorder, config, data)
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);
}

/// <summary>The toy over two loaders read together: the loss is the sum over the parts that are there.</summary>
internal sealed class ToyTwins(Recorder recorder, JsonObject config) : ToyModule<((Tensor X, Tensor Y) First, (Tensor X, Tensor Y) Second)>(recorder, config, null)
{
    private JsonObject _losses = [];

    public static CombinedLoader<((Tensor X, Tensor Y) First, (Tensor X, Tensor Y) Second)> Loader(JsonObject spec, string mode)
        => CombinedLoader.Zip(
            ToyData.One(spec["a"]!.AsObject(), 0), ToyData.One(spec["b"]!.AsObject(), 50),
            mode switch { "max_size" => CombinedMode.MaxSize, "min_size" => CombinedMode.MinSize, _ => CombinedMode.MaxSizeCycle });

    public override Tensor? TrainingStep(((Tensor X, Tensor Y) First, (Tensor X, Tensor Y) Second) batch, int batchIndex) => Train(batch, batchIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);

    protected override Tensor Loss(((Tensor X, Tensor Y) First, (Tensor X, Tensor Y) Second) batch)
    {
        _losses = [];
        var loss = F.mse_loss(call(batch.First.X), batch.First.Y);
        _losses["a"] = Plain.Number(loss.Number());
        _losses["b"] = null;
        if (batch.Second.X is null) return loss;
        var second = F.mse_loss(call(batch.Second.X), batch.Second.Y);
        _losses["b"] = Plain.Number(second.Number());
        return loss + second;
    }

    protected override void RecordStep(int batchIndex, JsonObject info) => Recorder.Add("M", "training_step", batchIndex, info: new JsonObject { ["losses"] = _losses });

    protected override int SizeOf(((Tensor X, Tensor Y) First, (Tensor X, Tensor Y) Second) batch) => (int)batch.First.X.shape[0];
}
