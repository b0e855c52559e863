using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>Collects the trace of a run.</summary>
internal sealed class Recorder(string root, CancellationTokenSource cancellation)
{
    private readonly List<Row> _rows = [];

    public string Root => root;

    public Trainer? Trainer { get; set; }

    public nn.Module? Module { get; set; }

    public List<double> Losses { get; } = [];

    public JsonArray Notes { get; } = [];

    public void Cancel() => cancellation.Cancel();

    public void Add(string source, string hook, int? batch = null, int? loader = null, JsonObject? info = null)
        => _rows.Add(new Row(
            source, hook, StageName, Trainer?.CurrentEpoch ?? 0, Trainer?.GlobalStep ?? 0, batch, loader, is_grad_enabled(), Module?.training ?? true, info));

    public List<Row> Take()
    {
        var rows = _rows.ToList();
        _rows.Clear();
        return rows;
    }

    private string? StageName => Trainer?.Stage switch
    {
        Stage.Fit => "train",
        Stage.SanityCheck => "sanity_check",
        Stage.Validate => "validate",
        Stage.Test => "test",
        Stage.Predict => "predict",
        _ => null,
    };
}
