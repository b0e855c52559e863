namespace LightningSharp;

/// <summary>Where a run is. A value: the loops assign the next one, everybody else reads.</summary>
/// <param name="Epoch">Index of the running epoch, from 0; between epochs the number of finished ones.</param>
/// <param name="BatchInEpoch">Batches finished in this epoch.</param>
/// <param name="GlobalStep">Optimizer steps taken, over all epochs and all optimizers; stands still while gradients accumulate.</param>
/// <param name="StepBatches">Batches after which an optimizer stepped, however many optimizers did: the x-axis of loggers.</param>
/// <param name="BatchesSeen">Training batches over all epochs.</param>
/// <param name="SamplesSeen">Training samples over all epochs.</param>
/// <param name="Validations">Validation runs finished.</param>
public readonly record struct Progress(
    int Epoch = 0, int BatchInEpoch = 0, long GlobalStep = 0, long StepBatches = 0, long BatchesSeen = 0, long SamplesSeen = 0, int Validations = 0)
{
    internal Progress NextBatch(int samples)
        => this with { BatchInEpoch = BatchInEpoch + 1, BatchesSeen = BatchesSeen + 1, SamplesSeen = SamplesSeen + samples };

    internal Progress NextStep(int steps) => this with { GlobalStep = GlobalStep + steps };

    internal Progress NextStepBatch() => this with { StepBatches = StepBatches + 1 };

    internal Progress NextEpoch() => this with { Epoch = Epoch + 1, BatchInEpoch = 0 };

    internal Progress NextValidation() => this with { Validations = Validations + 1 };
}
