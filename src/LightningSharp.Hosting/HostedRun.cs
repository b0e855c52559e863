namespace LightningSharp.Hosting;

/// <summary>What a training gets from its host.</summary>
public sealed class HostedRun
{
    internal HostedRun(Trainer trainer, Resume? resume, IServiceProvider services, CancellationToken cancellation)
        => (Trainer, Resume, Services, Cancellation) = (trainer, resume, services, cancellation);

    /// <summary>The Trainer, with the settings of configuration and program; its messages go to the host's loggers.</summary>
    public Trainer Trainer { get; }

    /// <summary>What to continue from, see <see cref="HostedTrainingOptions.Resume"/>.</summary>
    public Resume? Resume { get; }

    /// <summary>The services of the run, a scope of its own.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Is cancelled when the host stops: the run then ends after its batch, with everything saved.</summary>
    public CancellationToken Cancellation { get; }
}
