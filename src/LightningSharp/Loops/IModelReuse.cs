namespace LightningSharp.Loops;

/// <summary>The module of the latest run, for callers that know only its batch type.</summary>
internal interface IModelReuse<TBatch>
{
    EvaluationResult Evaluate(DataSource<TBatch> data, Stage stage, Resume? resume, CancellationToken cancellation);
}
