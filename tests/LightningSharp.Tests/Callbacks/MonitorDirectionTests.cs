using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

public class MonitorDirectionTests
{
    [Fact]
    public void Auto_takes_the_direction_of_the_logged_metric()
    {
        var stopping = new EarlyStopping("score") { Mode = MonitorMode.Auto, Patience = 1 };

        var result = Fit(new Scores(0.1, 0.2, 0.3, 0.2, 0.9), stopping);

        Assert.Equal(4, result.Progress.Epoch); // it rose three times; with Min it would have ended after two epochs
        Assert.Equal(0.3, stopping.BestScore, 6);
    }

    [Fact]
    public void Auto_ranks_checkpoints_by_the_direction_of_the_logged_metric()
    {
        using var folder = new TempFolder();
        var saver = new ModelCheckpoint { Monitor = "score", Mode = MonitorMode.Auto, DirPath = folder.Path };

        Fit(new Scores(0.1, 0.5, 0.3, 0.2, 0.4), saver, checkpoints: true);

        Assert.Equal(0.5, saver.BestModelScore!.Value, 6);
        Assert.Contains("'mode': 'auto'", saver.StateKey, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_with_a_plain_number_asks_for_a_direction()
    {
        var error = Assert.Throws<MisconfigurationException>(() => Fit(new ScriptedModel(1, 2), new EarlyStopping("metric") { Mode = MonitorMode.Auto }));

        Assert.Contains("EarlyStopping watches 'metric' with Mode = Auto", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set Mode = MonitorMode.Min or MonitorMode.Max", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_that_contradicts_the_metric_is_warned_about()
    {
        var log = new ListLog();

        Fit(new Scores(0.1, 0.2, 0.3, 0.4, 0.5), new EarlyStopping("score"), log);

        var line = Assert.Single(log.Lines, line => line.Id == (int)MessageId.MonitorDirection);
        Assert.Contains("watches 'score' with Mode = Min, but the metric logged there says that more is better", line.Text, StringComparison.Ordinal);
    }

    private static FitResult Fit(TinyModel model, Callback callback, ListLog? log = null, bool checkpoints = false)
        => new Trainer(Quiet.Options with { MaxEpochs = 5, NumSanityValSteps = 0, Callbacks = [callback], LoggerFactory = log, EnableCheckpointing = checkpoints })
            .Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4));

    private sealed class Scores(params double[] values) : TinyModel
    {
        private readonly Score _score = new();

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            _score.Value = values[Math.Min(CurrentEpoch, values.Length - 1)];
            Log("score", _score);
        }
    }

    private sealed class Score : IMetric
    {
        public double Value { get; set; }

        public Tensor? BatchValue => null;

        public bool? HigherIsBetter => true;

        public Tensor Compute() => tensor(Value);

        public void Reset()
        {
        }

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>();

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
        {
        }
    }
}
