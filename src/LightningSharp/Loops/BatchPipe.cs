using LightningSharp.Data;
using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>Takes a host batch through the transfer hooks to the device.</summary>
internal sealed class BatchPipe<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch>? data)
{
    private readonly bool _dataBefore = Wins(trainer, data is null ? null : (Func<TBatch, int, TBatch>)data.OnBeforeBatchTransfer, (Func<TBatch, int, TBatch>)model.OnBeforeBatchTransfer);
    private TensorMap? _convert;
    private TensorMap? _arrange;
    private readonly bool _dataTransfer = Wins(
        trainer, data is null ? null : (Func<TBatch, Device, int, TBatch>)data.TransferBatchToDevice, (Func<TBatch, Device, int, TBatch>)model.TransferBatchToDevice);
    private readonly bool _dataAfter = Wins(trainer, data is null ? null : (Func<TBatch, int, TBatch>)data.OnAfterBatchTransfer, (Func<TBatch, int, TBatch>)model.OnAfterBatchTransfer);

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

    // The data module's hook is called instead of the module's, not before or after it (behaviour HK22).
    private static bool Wins(Trainer trainer, Delegate? ofData, Delegate ofModel)
    {
        if (ofData is null || ofData.Method.DeclaringType == typeof(DataModule<TBatch>)) return false;
        if (ModuleOverrides.IsOverridden(ofModel))
        {
            trainer.Messages.Warn(
                MessageId.OptionOverridden,
                $"{ofModel.Method.Name} is overridden in {ofModel.Target!.GetType().Name} and in {ofData.Target!.GetType().Name}: that of the data module is called, the module's is not. Override one of them."); // instance methods
        }

        return true;
    }
}
