using LightningSharp.Data;

namespace LightningSharp;

/// <summary>
/// Holds the data of an experiment, apart from model and Trainer, so that others can reuse it: where it comes from, how it is split, how it becomes batches.
/// </summary>
/// <typeparam name="TBatch">What one batch is; a module of another batch type does not compile together with this.</typeparam>
/// <example><code>
/// sealed class Digits : DataModule&lt;(Tensor X, Tensor Y)&gt;
/// {
///     public override void Setup(Stage stage) => _train = Load();
///     public override IEnumerable&lt;(Tensor X, Tensor Y)&gt; TrainDataLoader() => new DataLoader&lt;(Tensor, Tensor)&gt;(_train, batchSize: 64, shuffle: true);
/// }
/// </code></example>
public abstract class DataModule<TBatch> : IDataModule
{
    /// <summary>The arguments that the data module was built with: plain data, saved in checkpoints and sent to the loggers together with the module's.</summary>
    public virtual IReadOnlyDictionary<string, object?> HyperParameters => _hyperParameters ??= HyperParameterCapture.Read(this);

    private IReadOnlyDictionary<string, object?>? _hyperParameters;

    /// <summary>Downloads and prepares files; runs once per machine, before <see cref="Setup"/>, and must not set fields: other processes do not see them.</summary>
    public virtual void PrepareData()
    {
    }

    /// <summary>Opens and splits the data; runs at the start of every entry point, in every process.</summary>
    public virtual void Setup(Stage stage)
    {
    }

    /// <summary>Undoes <see cref="Setup"/>; runs at the end of every entry point.</summary>
    public virtual void Teardown(Stage stage)
    {
    }

    /// <summary>The training batches of one epoch; required by <c>Fit</c>.</summary>
    public virtual IEnumerable<TBatch>? TrainDataLoader() => null;

    /// <summary>The validation batches, or null for none. Several: a <see cref="LoaderGroup{TBatch}"/>.</summary>
    public virtual IEnumerable<TBatch>? ValidationDataLoader() => null;

    /// <summary>The test batches; required by <c>Test</c>.</summary>
    public virtual IEnumerable<TBatch>? TestDataLoader() => null;

    /// <summary>The batches to predict; required by <c>Predict</c>.</summary>
    public virtual IEnumerable<TBatch>? PredictDataLoader() => null;

    /// <summary>Changes a batch before it moves to the device, on the host.</summary>
    public virtual TBatch OnBeforeBatchTransfer(TBatch batch, int dataLoaderIndex) => batch;

    /// <summary>Moves a batch to the device; override for types that nothing else can move. Then it runs instead of the module's.</summary>
    public virtual TBatch TransferBatchToDevice(TBatch batch, TorchSharp.torch.Device device, int dataLoaderIndex) => BatchTransfer.To(batch, device);

    /// <summary>Changes a batch on the device: augmentation, normalisation.</summary>
    public virtual TBatch OnAfterBatchTransfer(TBatch batch, int dataLoaderIndex) => batch;

    /// <summary>Told of the exception that ended a run, before teardown.</summary>
    public virtual void OnException(Exception exception)
    {
    }
}
