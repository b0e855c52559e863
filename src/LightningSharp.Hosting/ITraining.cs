namespace LightningSharp.Hosting;

/// <summary>A training that a host runs, with what it needs in its constructor: <c>services.AddTraining&lt;Training&gt;()</c>.</summary>
/// <example><code>
/// sealed class Training(MnistDataModule data) : ITraining
/// {
///     public FitResult Fit(HostedRun run) =&gt; run.Trainer.Fit(new Cnn(), data, run.Resume, run.Cancellation);
/// }
/// </code></example>
public interface ITraining
{
    /// <summary>Trains. Called once, on a thread of its own, after the host and all its services have started.</summary>
    /// <param name="run">The Trainer, what to continue from, and the token that ends the run; hand the last two to <c>Fit</c>.</param>
    /// <returns>What <c>Fit</c> gave; its exit code becomes the process's.</returns>
    FitResult Fit(HostedRun run);
}
