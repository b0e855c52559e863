using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>The loaders of a case from a data module that writes rows.</summary>
internal class ToyDataModule(Recorder recorder, JsonObject spec, JsonObject? data) : DataModule<(Tensor X, Tensor Y)>
{
    protected Recorder Recorder => recorder;

    protected JsonObject Spec => spec;

    public static ToyDataModule Create(Recorder recorder, JsonObject spec, JsonObject? data)
        => (bool?)spec["full"] == true ? new FullToyDataModule(recorder, spec, data)
            : spec["state"] is JsonObject ? new StatefulToyDataModule(recorder, spec, data) : new ToyDataModule(recorder, spec, data);

    public override IReadOnlyDictionary<string, object?> HyperParameters => spec["hparams"] is JsonObject map ? Plain.Map(map) : new Dictionary<string, object?>();

    public override void PrepareData() => recorder.Add("D", "prepare_data");

    public override void Setup(Stage stage) => recorder.Add("D", "setup", info: Plain.StageInfo(stage));

    public override void Teardown(Stage stage) => recorder.Add("D", "teardown", info: Plain.StageInfo(stage));

    public override void OnException(Exception exception) => recorder.Add("D", "on_exception");

    public override IEnumerable<(Tensor X, Tensor Y)>? TrainDataLoader() => Loader("train_dataloader", "train");

    public override IEnumerable<(Tensor X, Tensor Y)>? ValidationDataLoader() => Loader("val_dataloader", "val");

    public override IEnumerable<(Tensor X, Tensor Y)>? TestDataLoader() => Loader("test_dataloader", "test");

    public override IEnumerable<(Tensor X, Tensor Y)>? PredictDataLoader() => Loader("predict_dataloader", "predict");

    private IEnumerable<(Tensor X, Tensor Y)>? Loader(string hook, string stage)
    {
        if (data?[stage] is null) return null;
        recorder.Add("D", hook);
        return ToyData.Loader(data[stage], stage);
    }
}

internal sealed class StatefulToyDataModule(Recorder recorder, JsonObject spec, JsonObject? data) : ToyDataModule(recorder, spec, data), IStateful
{
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        Recorder.Add("D", "state_dict");
        return Plain.Map(Spec["state"]!.AsObject());
    }

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => Recorder.Add("D", "load_state_dict");
}

internal sealed class FullToyDataModule(Recorder recorder, JsonObject spec, JsonObject? data) : ToyDataModule(recorder, spec, data)
{
    public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
    {
        Recorder.Add("D", "on_before_batch_transfer", null, dataLoaderIndex);
        return batch;
    }

    public override (Tensor X, Tensor Y) TransferBatchToDevice((Tensor X, Tensor Y) batch, Device device, int dataLoaderIndex)
    {
        Recorder.Add("D", "transfer_batch_to_device", null, dataLoaderIndex);
        return base.TransferBatchToDevice(batch, device, dataLoaderIndex);
    }

    public override (Tensor X, Tensor Y) OnAfterBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
    {
        Recorder.Add("D", "on_after_batch_transfer", null, dataLoaderIndex);
        return batch;
    }
}
