namespace LightningSharp.Logging;

/// <summary>Settings of <see cref="MlflowLogger"/>.</summary>
public sealed record MlflowOptions
{
    /// <summary>The address of the tracking server.</summary>
    /// <value>The environment variable <c>MLFLOW_TRACKING_URI</c>, else <c>http://localhost:5000</c>.</value>
    public string TrackingUri { get; init; } = Environment.GetEnvironmentVariable("MLFLOW_TRACKING_URI") is { Length: > 0 } uri ? uri : "http://localhost:5000";

    /// <summary>The experiment; created when the server does not know it.</summary>
    /// <value><c>lightning_logs</c>.</value>
    public string ExperimentName { get; init; } = RunFolder.DefaultName;

    /// <summary>The run's name on the server.</summary>
    /// <value>null: the run's version, such as <c>version_3</c>.</value>
    public string? RunName { get; init; }

    /// <summary>Continues this run of the server instead of creating one.</summary>
    /// <value>null: the run that the folder remembers in <c>mlflow_run_id</c>, else a new one.</value>
    public string? RunId { get; init; }

    /// <summary>Tags of the run.</summary>
    /// <value>None.</value>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Put before every metric's name, joined with a dash.</summary>
    /// <value>Empty.</value>
    public string Prefix { get; init; } = "";

    /// <summary>Whether files that the run produces (checkpoints, reports) are uploaded through the server's artifact proxy.</summary>
    /// <value>false.</value>
    public bool UploadArtifacts { get; init; }

    /// <summary>Which checkpoints are uploaded, if <see cref="UploadArtifacts"/> is set. The run's tags <c>checkpoint.latest</c> and <c>checkpoint.best</c> name them.</summary>
    /// <value><see cref="MlflowCheckpoints.EachSave"/>.</value>
    public MlflowCheckpoints Checkpoints { get; init; }

    /// <summary>A bearer token for the server.</summary>
    /// <value>The environment variable <c>MLFLOW_TRACKING_TOKEN</c>, else none. Never written to disk.</value>
    public string? Token { get; init; } = Environment.GetEnvironmentVariable("MLFLOW_TRACKING_TOKEN");

    /// <summary>How long one request may take.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of a run waits until the server has everything; what is left stays in the spool and is sent by the next start in the same folder.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan FinishTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
