using System.Globalization;
using System.Text;
using LightningSharp.Logging.Mlflow;

namespace LightningSharp.Logging;

/// <summary>
/// Sends a run to an MLflow tracking server over its REST interface. The training thread only writes lines to a spool file in the run's folder; a thread of its
/// own sends them in batches and tries again, ever more slowly, while the server is away. What could not be sent waits in <c>mlflow_spool.jsonl</c> for the next
/// start in the same folder, in this process or another. Metrics may arrive twice after a crash, which the server stores once.
/// </summary>
/// <example><code>new Trainer(new() { Loggers = [new MlflowLogger(new() { TrackingUri = "http://tracker:5000", ExperimentName = "digits" })] });</code></example>
public sealed class MlflowLogger : IMetricLogger
{
    internal const string Checkpoint = "checkpoint", BestCheckpoint = "best checkpoint"; // kinds of artifacts

    private const int LongestParameter = 250;

    private readonly MlflowOptions _options;
    private readonly string _prefix;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private MlflowSender? _sender;

    /// <summary>Creates the logger; the server is not asked before <see cref="Start"/>.</summary>
    public MlflowLogger(MlflowOptions? options = null)
    {
        _options = options ?? new();
        if (!Uri.TryCreate(_options.TrackingUri, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new MisconfigurationException(
                $"MlflowOptions.TrackingUri must be an http or https address such as http://localhost:5000; received '{_options.TrackingUri}'. "
                + "A folder (file:…) cannot be reached over REST: start a server on it with `mlflow server --backend-store-uri …`.");
        }

        _prefix = _options.Prefix.Length == 0 ? "" : _options.Prefix + "-";
    }

    /// <inheritdoc/>
    public string? Directory => null;

    /// <summary>The run's id on the server, null until the server has answered.</summary>
    public string? RunId => _sender?.RunId;

    /// <summary>The latest reason why the server could not be reached; null when all is well.</summary>
    public string? LastError => _sender?.LastError;

    /// <summary>Requests that wait for the server.</summary>
    public int Unsent => _sender?.Unsent ?? 0;

    /// <inheritdoc/>
    public void Start(RunInfo run)
    {
        _sender?.Dispose();
        System.IO.Directory.CreateDirectory(run.Directory);
        _sender = new(_options, run);
    }

    /// <inheritdoc/>
    /// <remarks>Characters that MLflow refuses in names become underscores.</remarks>
    public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Started().AddMetrics(metrics, NameOf, step);
    }

    /// <inheritdoc/>
    /// <remarks>Nested parameters get names with <c>/</c>; values are cut at 250 characters.</remarks>
    public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Dictionary<string, string> texts = [];
        foreach (var (name, value) in HyperParametersFile.Flatten(parameters))
        {
            var text = value is double d ? YamlText.Number(d) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";
            texts[Clean(name)] = text.Length <= LongestParameter ? text : text[..LongestParameter];
        }

        Started().AddParameters(texts);
    }

    /// <inheritdoc/>
    public void LogArtifact(string path, string kind)
    {
        if (!_options.UploadArtifacts) return;
        var (isBest, isCheckpoint) = (kind == BestCheckpoint, kind == Checkpoint);
        var wanted = isBest || isCheckpoint ? isBest == (_options.Checkpoints == MlflowCheckpoints.BestAtEnd) : true;
        var sender = Started();
        if (wanted) sender.AddArtifact(Path.GetFullPath(path), isBest ? Checkpoint : kind);
        if (isBest || (isCheckpoint && wanted)) sender.AddTag(isBest ? "checkpoint.best" : "checkpoint.latest", $"{Checkpoint}/{Path.GetFileName(path)}");
    }

    /// <inheritdoc/>
    /// <remarks>"Survive" means: on disk in the spool. The server gets it as soon as it can.</remarks>
    public void Flush() => _sender?.Flush();

    /// <inheritdoc/>
    public void Finish(RunStatus status)
    {
        var sender = Started();
        sender.AddStatus(status switch { RunStatus.Succeeded => "FINISHED", RunStatus.Failed => "FAILED", _ => "KILLED" });
        sender.Flush();
        sender.WaitUntilSent(_options.FinishTimeout);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sender?.Dispose();
        _sender = null;
        return ValueTask.CompletedTask;
    }

    internal static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            clean.Append(char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' or '/' ? c : '_');
        }

        // the server also refuses names that are paths out of its folder
        var text = clean.ToString().Trim('/');
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => part is "." or ".." ? part.Replace('.', '_') : part);
        var joined = string.Join('/', parts);
        return joined.Length == 0 ? "_" : joined.Length <= LongestParameter ? joined : joined[..LongestParameter];
    }

    private string NameOf(string name)
    {
        if (!_names.TryGetValue(name, out var clean))
        {
            _names[name] = clean = Clean(name == "epoch" ? name : _prefix + name);
        }

        return clean;
    }

    private MlflowSender Started()
        => _sender ?? throw new InvalidOperationException("MlflowLogger was used before Start. The Trainer calls Start; call it yourself when you use the logger alone.");
}
