using LightningSharp.Callbacks;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>Which of the saved files are the best k.</summary>
internal sealed class CheckpointRanking
{
    private readonly Dictionary<string, double> _kept = [];
    private MonitorMode _mode;
    private int _k;
    private double? _kth;

    public IReadOnlyDictionary<string, double> Kept => _kept;

    public string? BestPath { get; private set; }

    public double? BestScore { get; private set; }

    public string? WorstPath { get; private set; }

    public double? CurrentScore { get; private set; }

    public double KthValue => _kth ?? (_mode == MonitorMode.Min ? double.PositiveInfinity : double.NegativeInfinity);

    /// <summary>The file saved last.</summary>
    public string? LatestPath { get; private set; }

    public void Configure(MonitorMode mode, int k)
    {
        (_mode, _k) = (mode, k);
        if (_kept.Count > 0) Rank();
    }

    public bool IsAmongBest(double score)
        => _k == -1 || _kept.Count < _k || (WorstPath is not null && Better(score, _kept[WorstPath]));

    /// <summary>Takes the worst file out when the list is full, and returns it: to be deleted once its successor is durable.</summary>
    public string? MakeRoom()
    {
        if (_k == -1 || _kept.Count < _k || WorstPath is not { } worst) return null;
        _kept.Remove(worst);
        return worst;
    }

    public void Add(string path, double score)
    {
        // Not a number is never the best.
        if (double.IsNaN(score)) score = _mode == MonitorMode.Min ? double.PositiveInfinity : double.NegativeInfinity;
        (CurrentScore, LatestPath) = (score, path);
        _kept[path] = score;
        Rank();
    }

    public void SetLatest(string? path) => (BestPath, LatestPath) = (path, path);

    /// <summary>Nothing is kept any more.</summary>
    public void Clear()
    {
        _kept.Clear();
        (_kth, BestPath, BestScore, WorstPath, CurrentScore, LatestPath) = (null, null, null, null, null, null);
    }

    /// <summary>What puts everything back as it is now: for a save that fails, whose file is not there, while the one that it should have displaced still is.</summary>
    public Action Remember()
    {
        var kept = _kept.ToList();
        var (kth, best, score, worst, current, latest) = (_kth, BestPath, BestScore, WorstPath, CurrentScore, LatestPath);
        return () =>
        {
            _kept.Clear();
            foreach (var (path, value) in kept) _kept[path] = value;
            (_kth, BestPath, BestScore, WorstPath, CurrentScore, LatestPath) = (kth, best, score, worst, current, latest);
        };
    }

    public Dictionary<string, object?> StateDict(string? monitor, string? directory) => new()
    {
        ["monitor"] = monitor,
        ["best_model_score"] = Number(BestScore),
        ["best_model_path"] = BestPath ?? string.Empty,
        ["current_score"] = Number(CurrentScore),
        ["dirpath"] = directory,
        ["best_k_models"] = _kept.ToDictionary(entry => entry.Key, entry => Number(entry.Value)),
        ["kth_best_model_path"] = WorstPath ?? string.Empty,
        ["kth_value"] = Number(KthValue),
    };

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state, bool everything)
    {
        BestPath = StateValue.Text(state, "best_model_path") is { Length: > 0 } best ? best : null;
        if (!everything) return;
        LatestPath = BestPath;
        _kept.Clear();
        foreach (var (path, _) in StateValue.Map(state.GetValueOrDefault("best_k_models")) ?? new Dictionary<string, object?>())
            _kept[path] = StateValue.Double(StateValue.Map(state["best_k_models"]), path);
        if (_kept.Count > 0) Rank();
        BestScore = state.GetValueOrDefault("best_model_score") is null ? null : StateValue.Double(state, "best_model_score");
        CurrentScore = state.GetValueOrDefault("current_score") is null ? null : StateValue.Double(state, "current_score");
    }

    private void Rank()
    {
        var ordered = _mode == MonitorMode.Min ? _kept.OrderBy(entry => entry.Value) : _kept.OrderByDescending(entry => entry.Value);
        var list = ordered.ToList(); // a stable sort: of equal scores the oldest is the best
        (BestPath, BestScore) = list.Count > 0 ? (list[0].Key, (double?)list[0].Value) : (null, null);
        if (list.Count < _k || list.Count == 0) return;
        var worst = list.First(entry => entry.Value == list[^1].Value);
        (WorstPath, _kth) = (worst.Key, worst.Value);
    }

    private bool Better(double score, double other) => _mode == MonitorMode.Min ? score < other : score > other;

    // Lightning calls tensor methods on these. Scores are float32 as there; the steps that Latest ranks by are whole, and may be more than float32 can count.
    private static object? Number(double? value) => value is not { } number ? null : double.IsInteger(number) && (float)number != number ? tensor(number) : tensor((float)number);
}
