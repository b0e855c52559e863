using LightningSharp.Data;
using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>Takes a host batch through the transfer hooks to the device.</summary>
internal sealed class BatchPipe<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch>? data)
{
    private readonly bool _dataBefore = data is not null && Overrides(data.OnBeforeBatchTransfer);
    private TensorMap? _convert;
    private TensorMap? _arrange;
    private readonly bool _dataTransfer = data is not null && ((Func<TBatch, Device, int, TBatch>)data.TransferBatchToDevice).Method.DeclaringType != typeof(DataModule<TBatch>);
    private readonly bool _dataAfter = data is not null && Overrides(data.OnAfterBatchTransfer);

    public TBatch ToDevice(TBatch batch, int dataLoaderIndex)
    {
        trainer.Hook = HookId.OnBeforeBatchTransfer;
        batch = _dataBefore ? data!.OnBeforeBatchTransfer(batch, dataLoaderIndex) : model.OnBeforeBatchTransfer(batch, dataLoaderIndex); // the flag implies data
        if (trainer.Running.Precision.InputType is { } type) batch = BatchShape<TBatch>.Instance.Map(batch, _convert ??= new TensorMap(device: null, type));
        trainer.Hook = HookId.TransferBatchToDevice;
        var device = trainer.Strategy.Device;
        batch = _dataTransfer ? data!.TransferBatchToDevice(batch, device, dataLoaderIndex) : model.TransferBatchToDevice(batch, device, dataLoaderIndex); // the flag implies data
        trainer.Hook = HookId.OnAfterBatchTransfer;
        batch = _dataAfter ? data!.OnAfterBatchTransfer(batch, dataLoaderIndex) : model.OnAfterBatchTransfer(batch, dataLoaderIndex); // the flag implies data
        return trainer.Running.UsesChannelsLast ? BatchShape<TBatch>.Instance.Map(batch, _arrange ??= new TensorMap(device: null, channelsLast: true)) : batch;
    }

    private static bool Overrides(Func<TBatch, int, TBatch> hook) => hook.Method.DeclaringType != typeof(DataModule<TBatch>);
}
