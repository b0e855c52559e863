namespace LightningSharp.Hosting;

/// <summary>How a host runs a training.</summary>
public sealed class HostedTrainingOptions
{
    /// <summary>The part of the configuration that holds the Trainer's settings: <c>Training:MaxEpochs</c>, <c>--Training:MaxEpochs=5</c>, <c>Training__MaxEpochs</c>.</summary>
    /// <value>Default: <c>Training</c>.</value>
    public string Section { get; set; } = "Training";

    /// <summary>What configuration cannot hold (callbacks, loggers, precision objects): gets the settings read so far and returns the ones to use.</summary>
    /// <value>Default (null): as configured.</value>
    /// <example><code>options.Trainer = (services, trainer) =&gt; trainer with { Callbacks = [new EarlyStopping("val_loss")] };</code></example>
    public Func<IServiceProvider, TrainerOptions, TrainerOptions>? Trainer { get; set; }

    /// <summary>What the run continues from. Services are started again after they stopped: the default goes on where the process before left off, and starts fresh when there was none.</summary>
    /// <value>Default: <see cref="LightningSharp.Resume.Auto"/>; null always starts fresh.</value>
    public Resume? Resume { get; set; } = LightningSharp.Resume.Auto;

    /// <summary>Whether the host stops when the training has ended, in whatever way. False for a service that does other things as well.</summary>
    /// <value>Default: true.</value>
    public bool StopHost { get; set; } = true;

    /// <summary>Whether <see cref="Environment.ExitCode"/> gets the run's code (see <see cref="ExitCodes"/>).</summary>
    /// <value>Default: true.</value>
    public bool SetExitCode { get; set; } = true;
}
