using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Resuming;

/// <summary>A small network with dropout, metric objects of both kinds, and whatever optimizers a test wants.</summary>
internal sealed class ResumeModel : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Module<Tensor, Tensor> first = Sequential(Linear(4, 8), Dropout(0.3), ReLU());
    private readonly Module<Tensor, Tensor> second = Linear(8, 2);
    private readonly MeanMetric mean = new();
    private readonly MeanMetric shared = new();
    private readonly Func<ResumeModel, OptimizerSetup> _optimizers;
    private readonly Action<ResumeModel, int>? _step;

    public ResumeModel(Func<ResumeModel, OptimizerSetup> optimizers, bool manual = false, Action<ResumeModel, int>? step = null)
    {
        (_optimizers, _step) = (optimizers, step);
        AutomaticOptimization = !manual;
    }

    public TorchSharp.Modules.Parameter[] First => [.. first.parameters()];

    public TorchSharp.Modules.Parameter[] Second => [.. second.parameters()];

    public override Tensor forward(Tensor x) => second.call(first.call(x));

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var loss = functional.mse_loss(call(batch.X), batch.Y);
        _step?.Invoke(this, batchIndex);
        mean.Update(loss.ToDouble());
        shared.Update(batch.X.sum().ToDouble());
        Log("loss", loss, onStep: true, onEpoch: true);
        Log("mean", mean, onStep: false, onEpoch: true);
        if (batchIndex > 1) Log("seen", shared, onStep: false, onEpoch: true);
        if (!AutomaticOptimization) StepByHand(loss, batchIndex);
        return loss;
    }

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex, int optimizerIndex)
    {
        Log("turn", optimizerIndex);
        return TrainingStep(batch, batchIndex);
    }

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        _step?.Invoke(this, -1 - batchIndex);
        using var noise = rand(1); // a validation that uses random numbers
        Log("val_loss", functional.mse_loss(call(batch.X), batch.Y) + (noise.sum() * 0.01f.ToScalar()));
    }

    public override OptimizerSetup ConfigureOptimizers() => _optimizers(this);

    public string Bits() => string.Join(' ', state_dict().Select(entry => $"{entry.Key}={Convert.ToHexString(entry.Value.bytes)}"));

    private void StepByHand(Tensor loss, int batchIndex)
    {
        ManualBackward(loss);
        foreach (var optimizer in Optimizers())
        {
            if ((batchIndex + 1) % 2 != 0) continue;
            optimizer.Step();
            optimizer.ZeroGrad();
        }
    }

    /// <summary>A user's own metric, no module.</summary>
    private sealed class MeanMetric : IMetric
    {
        private double _sum;
        private long _count;

        public Tensor? BatchValue => null;

        public void Update(double value) => (_sum, _count) = (_sum + value, _count + 1);

        public Tensor Compute() => tensor(_count == 0 ? double.NaN : _sum / _count);

        public void Reset() => (_sum, _count) = (0, 0);

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["sum"] = _sum, ["count"] = _count };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => (_sum, _count) = ((double)state["sum"]!, (long)state["count"]!); // its own keys
    }
}
