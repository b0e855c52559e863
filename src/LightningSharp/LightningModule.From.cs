using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>Makes Lightning modules without deriving a class.</summary>
public static partial class LightningModule
{
    /// <summary>A module from a network, a loss and an optimizer; batches are pairs of input and target.</summary>
    /// <param name="module">The network.</param>
    /// <param name="loss">The loss of output and target: one element.</param>
    /// <param name="optimizer">Makes the optimizer (or an <see cref="OptimizerSetup"/>) for the parameters.</param>
    /// <param name="metrics">Further numbers of output and target, by name; means over the epoch are logged as <c>name</c>, <c>val_name</c> and <c>test_name</c>.</param>
    /// <returns>A module that logs <c>loss</c>, <c>val_loss</c>, <c>test_loss</c> and the metrics.</returns>
    /// <exception cref="ArgumentException">A metric has no name, the name of the loss, or the name of another one.</exception>
    /// <example><code>
    /// var model = LightningModule.From(net, (o, y) =&gt; nn.functional.mse_loss(o, y), p =&gt; optim.Adam(p, 1e-3), ("mae", (o, y) =&gt; (o - y).abs().mean()));
    /// trainer.Fit(model, x, y, batchSize: 64, validationSplit: 0.2);
    /// </code></example>
    public static QuickModule From(
        nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor, Tensor> loss, Func<IEnumerable<Parameter>, OptimizerSetup> optimizer,
        params (string Name, Func<Tensor, Tensor, Tensor> Compute)[] metrics)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(metrics);
        var names = new HashSet<string> { "loss" };
        foreach (var (name, compute) in metrics)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(metrics));
            if (compute is null) throw new ArgumentException($"The metric '{name}' has no function: expected one of output and target.", nameof(metrics));
            if (!names.Add(name)) throw new ArgumentException($"The metric name '{name}' is taken (by another metric, or it is the loss): each needs a name of its own.", nameof(metrics));
        }

        return new QuickModule(module, loss, optimizer, [.. metrics]);
    }

    /// <summary>The same with one of TorchSharp's loss modules, such as <c>nn.CrossEntropyLoss()</c>.</summary>
    /// <inheritdoc cref="From(nn.Module{Tensor, Tensor}, Func{Tensor, Tensor, Tensor}, Func{IEnumerable{Parameter}, OptimizerSetup}, ValueTuple{string, Func{Tensor, Tensor, Tensor}}[])"/>
    public static QuickModule From(
        nn.Module<Tensor, Tensor> module, nn.Module<Tensor, Tensor, Tensor> loss, Func<IEnumerable<Parameter>, OptimizerSetup> optimizer,
        params (string Name, Func<Tensor, Tensor, Tensor> Compute)[] metrics)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return From(module, (output, target) => loss.call(output, target), optimizer, metrics);
    }
}
