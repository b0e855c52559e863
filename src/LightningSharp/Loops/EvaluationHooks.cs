using LightningSharp.Data;

namespace LightningSharp.Loops;

/// <summary>The hooks and the step of validation or test: callbacks first, then the module.</summary>
internal sealed class EvaluationHooks<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, Hooks hooks, Stage stage)
{
    private readonly bool _test = stage == Stage.Test;
    private readonly HookContext _context = new(trainer, model);

    public void Start()
    {
        if (_test)
        {
            hooks.OnTestStart(_context);
            model.OnTestStart();
        }
        else
        {
            hooks.OnValidationStart(_context);
            model.OnValidationStart();
        }
    }

    public void EpochStart()
    {
        if (_test)
        {
            hooks.OnTestEpochStart(_context);
            model.OnTestEpochStart();
        }
        else
        {
            hooks.OnValidationEpochStart(_context);
            model.OnValidationEpochStart();
        }
    }

    public void BatchStart(BatchView<TBatch> view, int batchIndex, int loaderIndex)
    {
        var context = new BatchContext(trainer, model, view, batchIndex, loaderIndex);
        if (_test)
        {
            hooks.OnTestBatchStart(context);
            model.OnTestBatchStart(view.Batch, batchIndex, loaderIndex);
        }
        else
        {
            hooks.OnValidationBatchStart(context);
            model.OnValidationBatchStart(view.Batch, batchIndex, loaderIndex);
        }
    }

    public void Step(TBatch batch, int batchIndex, int loaderIndex)
    {
        trainer.Hook = _test ? HookId.TestStep : HookId.ValidationStep;
        try
        {
            Run(batch, batchIndex, loaderIndex);
        }
        catch (Exception exception) when (trainer.Running.IsFaultOfLayout(exception, training: false))
        {
            trainer.Running.GiveUpLayout(batch);
            Run(batch, batchIndex, loaderIndex);
        }

        trainer.Running.IsEvaluationOnTrial = false;
    }

    private void Run(TBatch batch, int batchIndex, int loaderIndex)
    {
        using var precision = trainer.Running.Precision.Forward();
        if (_test) model.TestStep(batch, batchIndex, loaderIndex);
        else model.ValidationStep(batch, batchIndex, loaderIndex);
    }

    public void BatchEnd(BatchView<TBatch> view, int batchIndex, int loaderIndex)
    {
        var context = new BatchContext(trainer, model, view, batchIndex, loaderIndex);
        if (_test)
        {
            hooks.OnTestBatchEnd(context);
            model.OnTestBatchEnd(view.Batch, batchIndex, loaderIndex);
        }
        else
        {
            hooks.OnValidationBatchEnd(context);
            model.OnValidationBatchEnd(view.Batch, batchIndex, loaderIndex);
        }
    }

    public void EpochEnd()
    {
        if (_test)
        {
            hooks.OnTestEpochEnd(_context);
            model.OnTestEpochEnd();
        }
        else
        {
            hooks.OnValidationEpochEnd(_context);
            model.OnValidationEpochEnd();
        }
    }

    public void End()
    {
        if (_test)
        {
            hooks.OnTestEnd(_context);
            model.OnTestEnd();
        }
        else
        {
            hooks.OnValidationEnd(_context);
            model.OnValidationEnd();
        }
    }
}
