using LightningSharp.Callbacks;
using LightningSharp.Terminal;

namespace LightningSharp.Tests.Terminal;

/// <summary>Keeps what it is told to show.</summary>
internal sealed class RecordingDisplay(TimeProvider? time = null, double interval = 0.1, bool heartbeat = false) : Display(time ?? new ManualTime())
{
    public override TimeSpan Interval { get; } = TimeSpan.FromSeconds(interval);

    public override bool IsHeartbeat => heartbeat;

    public List<string> Events { get; } = [];

    public List<SummaryTable> Summaries { get; } = [];

    public List<EpochFacts> Epochs { get; } = [];

    public List<double?> Losses { get; } = [];

    public RunFacts? Started { get; private set; }

    public FinishFacts? Finished { get; private set; }

    public FailureFacts? Failed { get; private set; }

    public EvaluationFacts? Evaluated { get; private set; }

    public override void Start(RunFacts facts)
    {
        Started = facts;
        Events.Add("start");
    }

    public override void Summary(SummaryTable table)
    {
        Summaries.Add(table);
        Events.Add("summary");
    }

    public override void Progress(ProgressState state)
    {
        Losses.Add(state.Loss);
        Events.Add(state.Validation is { } validation
            ? $"validation {state.Epoch}: {validation.Batch}/{validation.Batches}" : $"{state.Stage} {state.Epoch}/{state.LastEpoch}: {state.Batch}/{state.Batches}");
    }

    public override void Epoch(EpochFacts facts)
    {
        Epochs.Add(facts);
        Events.Add($"epoch {facts.Epoch}");
    }

    public override void Evaluation(EvaluationFacts facts)
    {
        Evaluated = facts;
        Events.Add("evaluation");
    }

    public override void Finish(FinishFacts facts)
    {
        Finished = facts;
        Events.Add("finish");
    }

    public override void FinishInner(FinishFacts facts) => Events.Add("finish inner");

    public override void Fail(FailureFacts facts)
    {
        Failed = facts;
        Events.Add("fail");
    }
}
