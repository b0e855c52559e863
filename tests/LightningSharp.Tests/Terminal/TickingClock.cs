using LightningSharp.Callbacks;
namespace LightningSharp.Tests.Terminal;

/// <summary>Lets every training batch take a second, and every evaluation batch half of one.</summary>
internal sealed class TickingClock(ManualTime time, double secondsPerBatch = 1) : Callback
{
    public override void OnTrainBatchStart(BatchContext context) => time.Advance(0);

    public override void OnAfterBackward(HookContext context) => time.Advance(secondsPerBatch);

    public override void OnValidationBatchStart(BatchContext context) => time.Advance(secondsPerBatch / 2);

    public override void OnTestBatchStart(BatchContext context) => time.Advance(secondsPerBatch / 2);
}
