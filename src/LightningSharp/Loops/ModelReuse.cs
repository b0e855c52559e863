namespace LightningSharp.Loops;

/// <summary>Remembers a module with all its types.</summary>
internal sealed class ModelReuse<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model) : IModelReuse<TBatch>
{
    public EvaluationResult Evaluate(DataSource<TBatch> data, Stage stage, Resume? resume, CancellationToken cancellation)
        => trainer.Evaluate(model, data, stage, resume, cancellation);

    public override string ToString() => model.GetType().Name;
}
