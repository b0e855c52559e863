namespace LightningSharp.Tuning;

/// <summary>Notes the largest batch of a trial.</summary>
internal sealed class BatchProbe : Callback
{
    public int Largest { get; private set; }

    public override void OnTrainBatchStart(BatchContext context) => Count(context);

    public override void OnValidationBatchStart(BatchContext context) => Count(context);

    public override void OnTestBatchStart(BatchContext context) => Count(context);

    public override void OnPredictBatchStart(BatchContext context) => Count(context);

    private void Count(BatchContext context) => Largest = Math.Max(Largest, context.Batch.Size);
}
