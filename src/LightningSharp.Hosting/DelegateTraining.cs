namespace LightningSharp.Hosting;

/// <summary>A training that is one expression.</summary>
internal sealed class DelegateTraining(Func<HostedRun, FitResult> fit) : ITraining
{
    public FitResult Fit(HostedRun run) => fit(run);
}
