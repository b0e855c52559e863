using System.Text.Json.Nodes;
using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Conformance;

/// <summary>The cases' module: every hook writes a row, does what the case asks for, logs, and then what it would do anyway. The steps are in the classes below it.</summary>
internal abstract class ToyModule<TBatch> : LightningModule<TBatch>
{
    private readonly Linear layer = ToyWeights.Linear(4, 2);
    private readonly Recorder _recorder;
    private readonly JsonObject _config;
    private readonly Behaviours _behaviours;
    private readonly ToyLogs _logs;
    private readonly JsonObject? _data;
    private readonly bool _full;
    private readonly string? _manual;
    private Tensor? _loss;
    private int _size;

    protected ToyModule(Recorder recorder, JsonObject config, JsonObject? data)
    {
        (_recorder, _config) = (recorder, config);
        _data = (bool?)config["attach_loaders"] == true ? data : null;
        _behaviours = new(config["behaviors"] as JsonArray, recorder);
        _logs = new(config["log"] as JsonArray, config["log_dict"] as JsonArray, recorder);
        _full = (string?)config["trace"] == "full";
        _manual = (string?)config["manual"];
        AutomaticOptimization = _manual is null;
    }

    public Linear Layer => layer;

    public override IReadOnlyDictionary<string, object?> HyperParameters => _config["hparams"] is JsonObject map ? Plain.Map(map) : new Dictionary<string, object?>();

    protected Recorder Recorder => _recorder;

    public override Tensor forward(Tensor input) => layer.call(input);

    protected abstract Tensor Loss(TBatch batch);

    protected abstract int SizeOf(TBatch batch);

    protected virtual void RecordStep(int batchIndex, JsonObject info) => _recorder.Add("M", "training_step", batchIndex, info: info);

    // ---- the steps, for the classes that define them -------------------------------------------------------------------------------

    protected Tensor? Train(TBatch batch, int batchIndex)
    {
        var loss = Loss(batch);
        var value = loss.Number();
        var rates = Optimizers().SelectMany(optimizer => optimizer.Optimizer.ParamGroups).Select(group => group.LearningRate).ToList();
        RecordStep(batchIndex, new JsonObject
        {
            ["loss"] = Plain.Number(value), ["lr"] = rates.Count == 1 ? rates[0] : new JsonArray([.. rates.Select(rate => (JsonNode)rate)]),
        });
        (_loss, _size) = (loss, SizeOf(batch));
        var flow = _behaviours.Act("training_step", batchIndex);
        _logs.In("training_step", this, loss, batchIndex, null, _size);
        _recorder.Losses.Add(value);
        return flow == "return_none" ? null : _manual is null ? loss : Manual(loss, batchIndex);
    }

    protected void Evaluate(string hook, TBatch batch, int batchIndex, int loader)
    {
        var loss = Loss(batch);
        _recorder.Add("M", hook, batchIndex, loader, new JsonObject { ["loss"] = Plain.Number(loss.Number()) });
        (_loss, _size) = (loss, SizeOf(batch));
        _behaviours.Act(hook, batchIndex);
        _logs.In(hook, this, loss, batchIndex, loader, _size);
    }

    protected void RecordPredict(int batchIndex, int loader) => At("predict_step", batchIndex, loader);

    protected OptimizerSetup Optimizers(bool record)
    {
        if (record && _config["parameters"] is null) At("configure_optimizers"); // the module that holds one parameter back has a method of its own
        return ToyOptimizers.Build(_config, this, layer, _recorder.Trainer!);
    }

    private Tensor? Manual(Tensor loss, int batchIndex)
    {
        var optimizer = Optimizers()[0];
        if (_manual == "accumulate2")
        {
            ManualBackward(loss / 2);
            if ((batchIndex + 1) % 2 != 0) return null;
            optimizer.Step();
            optimizer.ZeroGrad();
            foreach (var scheduler in LRSchedulers()) scheduler.Step();
            return null;
        }

        optimizer.ZeroGrad();
        ManualBackward(loss);
        if (_manual == "single_clip") ClipGradients(optimizer, 0.1);
        optimizer.Step();
        return null;
    }

    private string? At(string hook, int? batch = null, int? loader = null, JsonObject? info = null)
    {
        _recorder.Add("M", hook, batch, loader, info);
        var flow = _behaviours.Act(hook, batch);
        _logs.In(hook, this, _loss, batch, loader, _size);
        return flow;
    }

    private void Full(string hook, int? loader = null)
    {
        if (_full) At(hook, null, loader);
    }

    // ---- every hook ----------------------------------------------------------------------------------------------------------------

    public override IEnumerable<Callback> ConfigureCallbacks()
    {
        Full("configure_callbacks");
        return _config["configure_callbacks"] is null ? [] : [new EarlyStopping("val_loss") { Patience = 5 }, new ModuleRecorder(_recorder, "CM")];
    }

    public override void PrepareData() => At("prepare_data");

    public override void Setup(Stage stage) => At("setup", info: Plain.StageInfo(stage));

    public override void Teardown(Stage stage) => At("teardown", info: Plain.StageInfo(stage));

    public override void ConfigureModel() => At("configure_model");

    public override IEnumerable<TBatch>? TrainDataLoader() => OwnLoader("train_dataloader", "train");

    public override IEnumerable<TBatch>? ValidationDataLoader() => OwnLoader("val_dataloader", "val");

    public override IEnumerable<TBatch>? TestDataLoader() => OwnLoader("test_dataloader", "test");

    public override IEnumerable<TBatch>? PredictDataLoader() => OwnLoader("predict_dataloader", "predict");

    private IEnumerable<TBatch>? OwnLoader(string hook, string stage)
    {
        if (_data is null) return null;
        At(hook);
        return ToyData.Loader(_data[stage], stage) as IEnumerable<TBatch>;
    }

    public override void OnFitStart() => At("on_fit_start");

    public override void OnFitEnd() => At("on_fit_end");

    public override void OnTrainStart() => At("on_train_start");

    public override void OnTrainEnd() => At("on_train_end");

    public override void OnTrainEpochStart() => At("on_train_epoch_start");

    public override void OnTrainEpochEnd() => At("on_train_epoch_end");

    public override BatchFlow OnTrainBatchStart(TBatch batch, int batchIndex)
    {
        _size = SizeOf(batch);
        return At("on_train_batch_start", batchIndex) == "return_minus_1" ? BatchFlow.SkipRestOfEpoch : BatchFlow.Continue;
    }

    public override void OnTrainBatchEnd(Tensor? loss, TBatch batch, int batchIndex) => At("on_train_batch_end", batchIndex, info: Plain.Outputs(loss));

    public override void OnBeforeZeroGrad(LightningOptimizer optimizer) => At("on_before_zero_grad");

    public override void OnBeforeBackward(Tensor loss) => At("on_before_backward", info: new JsonObject { ["loss"] = Plain.Number(loss.Number()) });

    public override void OnAfterBackward() => At("on_after_backward");

    public override void OnBeforeOptimizerStep(LightningOptimizer optimizer)
    {
        At("on_before_optimizer_step");
        if ((bool?)_config["record_grads"] == true) At("grads", info: Plain.Gradients(layer));
    }

    public override void OptimizerStep(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        At("optimizer_step", batchIndex, info: new JsonObject { ["epoch_arg"] = epoch });
        base.OptimizerStep(epoch, batchIndex, optimizer);
    }

    public override void OptimizerZeroGrad(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        At("optimizer_zero_grad", batchIndex);
        base.OptimizerZeroGrad(epoch, batchIndex, optimizer);
    }

    public override void Backward(Tensor loss)
    {
        At("backward");
        base.Backward(loss);
    }

    public override void ConfigureGradientClipping(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm)
    {
        At("configure_gradient_clipping", info: new JsonObject { ["gradient_clip_val"] = clipVal, ["gradient_clip_algorithm"] = algorithm.ToString().ToLowerInvariant() });
        base.ConfigureGradientClipping(optimizer, clipVal, algorithm);
        if ((bool?)_config["record_grads"] == true && clipVal is not null) At("clipped", info: Plain.Gradients(layer));
    }

    public override void LRSchedulerStep(SchedulerSetup scheduler, double? metric)
    {
        At("lr_scheduler_step", info: new JsonObject { ["metric"] = metric is { } number ? Plain.Number(number) : null });
        base.LRSchedulerStep(scheduler, metric);
    }

    public override void OnValidationStart() => At("on_validation_start");

    public override void OnValidationEnd() => At("on_validation_end");

    public override void OnValidationEpochStart() => At("on_validation_epoch_start");

    public override void OnValidationEpochEnd() => At("on_validation_epoch_end");

    public override void OnValidationBatchStart(TBatch batch, int batchIndex, int dataLoaderIndex)
    {
        _size = SizeOf(batch);
        At("on_validation_batch_start", batchIndex, dataLoaderIndex);
    }

    public override void OnValidationBatchEnd(TBatch batch, int batchIndex, int dataLoaderIndex) => At("on_validation_batch_end", batchIndex, dataLoaderIndex);

    public override void OnTestStart() => At("on_test_start");

    public override void OnTestEnd() => At("on_test_end");

    public override void OnTestEpochStart() => At("on_test_epoch_start");

    public override void OnTestEpochEnd() => At("on_test_epoch_end");

    public override void OnTestBatchStart(TBatch batch, int batchIndex, int dataLoaderIndex)
    {
        _size = SizeOf(batch);
        At("on_test_batch_start", batchIndex, dataLoaderIndex);
    }

    public override void OnTestBatchEnd(TBatch batch, int batchIndex, int dataLoaderIndex) => At("on_test_batch_end", batchIndex, dataLoaderIndex);

    public override void OnPredictStart() => At("on_predict_start");

    public override void OnPredictEnd() => At("on_predict_end");

    public override void OnPredictEpochStart() => At("on_predict_epoch_start");

    public override void OnPredictEpochEnd() => At("on_predict_epoch_end");

    public override void OnPredictBatchStart(TBatch batch, int batchIndex, int dataLoaderIndex) => At("on_predict_batch_start", batchIndex, dataLoaderIndex);

    public override void OnPredictBatchEnd(Tensor? prediction, TBatch batch, int batchIndex, int dataLoaderIndex) => At("on_predict_batch_end", batchIndex, dataLoaderIndex);

    public override void OnSaveCheckpoint(Checkpoint checkpoint)
    {
        At("on_save_checkpoint");
        if (_config["save_extra"] is JsonObject extra) checkpoint["extra_state"] = Plain.Map(extra);
    }

    public override void OnLoadCheckpoint(Checkpoint checkpoint)
    {
        At("on_load_checkpoint");
        if (_config["save_extra"] is not null) At("loaded_extra");
    }

    public override TBatch OnBeforeBatchTransfer(TBatch batch, int dataLoaderIndex)
    {
        Full("on_before_batch_transfer", dataLoaderIndex);
        return base.OnBeforeBatchTransfer(batch, dataLoaderIndex);
    }

    public override TBatch TransferBatchToDevice(TBatch batch, Device device, int dataLoaderIndex)
    {
        Full("transfer_batch_to_device", dataLoaderIndex);
        return base.TransferBatchToDevice(batch, device, dataLoaderIndex);
    }

    public override TBatch OnAfterBatchTransfer(TBatch batch, int dataLoaderIndex)
    {
        Full("on_after_batch_transfer", dataLoaderIndex);
        return base.OnAfterBatchTransfer(batch, dataLoaderIndex);
    }

    public override void OnValidationModelZeroGrad()
    {
        Full("on_validation_model_zero_grad");
        base.OnValidationModelZeroGrad();
    }

    public override void OnEvaluationModelEval(Stage stage)
    {
        if (stage == Stage.Validate) Full("on_validation_model_eval");
        base.OnEvaluationModelEval(stage);
    }
}
