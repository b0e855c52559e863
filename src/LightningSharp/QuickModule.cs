using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>What <see cref="LightningModule.From(nn.Module{Tensor, Tensor}, Func{Tensor, Tensor, Tensor}, Func{IEnumerable{Parameter}, OptimizerSetup}, ValueTuple{string, Func{Tensor, Tensor, Tensor}}[])"/> makes: a network with a loss, trained on pairs of input and target.</summary>
public sealed class QuickModule : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly nn.Module<Tensor, Tensor> model;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly Func<IEnumerable<Parameter>, OptimizerSetup> _optimizer;
    private readonly (string Name, Func<Tensor, Tensor, Tensor> Compute)[] _metrics;

    internal QuickModule(
        nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor, Tensor> loss, Func<IEnumerable<Parameter>, OptimizerSetup> optimizer,
        (string Name, Func<Tensor, Tensor, Tensor> Compute)[] metrics)
    {
        (model, _loss, _optimizer, _metrics) = (module, loss, optimizer, metrics);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => model.call(x);

    /// <inheritdoc/>
    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var output = call(batch.X);
        var loss = _loss(output, batch.Y);
        Log("loss", loss, progressBar: true);
        LogMetrics(string.Empty, output.detach(), batch.Y);
        return loss;
    }

    /// <inheritdoc/>
    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Evaluate("val_", batch);

    /// <inheritdoc/>
    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => Evaluate("test_", batch);

    /// <inheritdoc/>
    public override OptimizerSetup ConfigureOptimizers() => _optimizer(parameters().ToArray());

    private void Evaluate(string prefix, (Tensor X, Tensor Y) batch)
    {
        var output = call(batch.X);
        Log(prefix + "loss", _loss(output, batch.Y), progressBar: true);
        LogMetrics(prefix, output, batch.Y);
    }

    private void LogMetrics(string prefix, Tensor output, Tensor target)
    {
        foreach (var (name, compute) in _metrics) Log(prefix + name, compute(output, target), progressBar: true, onStep: false, onEpoch: true);
    }
}
