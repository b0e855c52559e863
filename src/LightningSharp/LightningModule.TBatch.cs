using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>
/// The science: a network, what one training step computes, and how it is optimized. It is a TorchSharp module like any other; the <see cref="Trainer"/> does the rest.
/// Sub-modules in fields register themselves; no device, <c>backward</c>, <c>step</c>, <c>Dispose</c>, <c>eval</c> or <c>no_grad</c> is written by the user.
/// </summary>
/// <typeparam name="TBatch">What one batch is: a tensor, tuple, record, array, list, dictionary, nested in any way.</typeparam>
/// <example><code>
/// sealed class Line() : LightningModule&lt;(Tensor X, Tensor Y)&gt;
/// {
///     private readonly Module&lt;Tensor, Tensor&gt; layer = Linear(1, 1);
///
///     public override Tensor forward(Tensor x) =&gt; layer.call(x);
///
///     public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) =&gt; functional.mse_loss(call(batch.X), batch.Y);
///
///     public override OptimizerSetup ConfigureOptimizers() =&gt; optim.SGD(parameters(), 0.1);
/// }
/// </code></example>
public abstract class LightningModule<TBatch> : LightningModule<TBatch, Tensor, Tensor>
{
    /// <summary>Creates the module and registers the sub-modules of its fields.</summary>
    protected LightningModule()
    {
    }
}
