using LightningSharp.Logging;

namespace LightningSharp.Tuning;

/// <summary>Drives the learning rate up, step by step, and notes the smoothed loss.</summary>
internal sealed class LearningRateProbe(LearningRateFindOptions options) : Callback
{
    private const double Beta = 0.98;
    private readonly List<double> _rates = [];
    private readonly List<double> _losses = [];
    private double _average;
    private double _best;
    private bool _diverged;
    private double _windowSum;
    private int _windowBatches;
    private long _step;

    public LearningRateFindResult Result => new(_rates, _losses, _diverged);

    public override void OnFitStart(HookContext context)
    {
        var optimizers = context.Trainer.Optimizers;
        if (optimizers.Count != 1)
            throw new MisconfigurationException($"The learning-rate search works with exactly one optimizer, but {context.Module.Module.GetType().Name}.ConfigureOptimizers returned {optimizers.Count}.");
        optimizers[0].Entry.Schedulers = []; // the ramp is the schedule
    }

    public override void OnTrainBatchStart(BatchContext context)
    {
        var rate = options.At((int)context.Trainer.GlobalStep);
        foreach (var group in context.Trainer.Optimizers[0].Optimizer.ParamGroups) group.LearningRate = rate;
    }

    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        if (context.Loss is { } loss) (_windowSum, _windowBatches) = (_windowSum + MetricValue.ReadTensor(loss), _windowBatches + 1); // a search must know every loss
        var step = context.Trainer.GlobalStep;
        if (step == _step || _windowBatches == 0) return;
        _step = step;
        Add(_windowSum / _windowBatches, step);
        (_windowSum, _windowBatches) = (0, 0);
        if (_diverged) context.Trainer.Stop("the loss diverged");
    }

    // Lightning's smoothing: its correction of the start counts one step too many, so that the first value is half the loss. Kept, so that curves can be compared.
    private void Add(double loss, long step)
    {
        _rates.Add(options.At((int)step - 1));
        _average = (Beta * _average) + ((1 - Beta) * loss);
        var smoothed = _average / (1 - Math.Pow(Beta, step + 1));
        _diverged = step > 1 && options.EarlyStopThreshold is { } threshold && smoothed > threshold * _best;
        if (smoothed < _best || step == 1) _best = smoothed;
        _losses.Add(smoothed);
    }
}
