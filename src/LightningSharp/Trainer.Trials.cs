using LightningSharp.Loops;
using TorchSharp;

namespace LightningSharp;

/// <content>Short runs of another Trainer on the same module and data, by which tuners and finders learn something. They leave no trace in the Trainer that asked.</content>
public sealed partial class Trainer
{
    /// <summary>A trial neither prepares nor sets up nor tears down module and data: whoever runs it did.</summary>
    internal bool IsTrial { get; init; }

    /// <summary>The evaluation that runs; null in training.</summary>
    internal ITrialLoop? Evaluating { get; private set; }

    /// <summary>The steps run forward only; for passes over the data that collect statistics.</summary>
    internal bool SkipBackward { get; set; }

    internal FitResult FitTrial<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        Launch(model, data, new FitLoop<TBatch, TInput, TOutput>(this, model, data, _hooks), Stage.Fit, null, CancellationToken.None);
        return Result(start);
    }

    internal void PredictTrial<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data)
        => Launch(model, data, new PredictionLoop<TBatch, TInput, TOutput>(this, model, data, _hooks, sink: null), Stage.Predict, null, CancellationToken.None);

    private void SetUpTrial<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, Stage stage)
    {
        if (_strategy.Device.type != DeviceType.CPU) TiedWeights.Move(model, () => model.to(_strategy.Device));
        if (stage == Stage.Fit) SetUpFit(model, null);
    }
}
