using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

public class EarlyStoppingTests
{
    private const double Inf = double.PositiveInfinity;

    // The recorded runs of Lightning: sequence of values, settings, epochs and steps done, state afterwards.
    public static TheoryData<double[], EarlyStopping, int, long, (int Wait, int Stopped, double Best, EarlyStoppingReason Reason)> Recorded => new()
    {
        { [1, Inf, 0.5], new("metric") { Patience = 10 }, 2, 4, (0, 1, 1, EarlyStoppingReason.NonFiniteMetric) },
        { [1, double.NaN, 0.5], new("metric") { Patience = 10 }, 2, 4, (0, 1, 1, EarlyStoppingReason.NonFiniteMetric) },
        { [1, 1, 1, 1, 1], new("metric"), 4, 8, (3, 3, 1, EarlyStoppingReason.PatienceExhausted) },
        { [1, 1.5, 2, 2.5, 0.1], new("metric") { Patience = 10, DivergenceThreshold = 2 }, 4, 8, (2, 3, 1, EarlyStoppingReason.DivergenceThreshold) },
        { [1, 0.95, 0.88, 0.87, 0.8, 0.5], new("metric") { Patience = 2, MinDelta = 0.1 }, 5, 10, (2, 4, 0.88, EarlyStoppingReason.PatienceExhausted) },
        { [0.1, 0.15, 0.25, 0.3, 0.34, 0.35], new("metric") { Patience = 2, MinDelta = 0.1, Mode = MonitorMode.Max }, 5, 10, (2, 4, 0.25, EarlyStoppingReason.PatienceExhausted) },
        { [1, 0.9, 0.9, 0.1], new("metric") { Patience = 0 }, 3, 6, (1, 2, 0.9, EarlyStoppingReason.PatienceExhausted) },
        { [1, 0.5, 0.3, 0.2], new("metric") { StoppingThreshold = 0.4 }, 3, 6, (0, 2, 0.5, EarlyStoppingReason.StoppingThreshold) },
    };

    [Theory]
    [MemberData(nameof(Recorded), DisableDiscoveryEnumeration = true)]
    public void Training_stops_where_Lightning_stops(
        double[] values, EarlyStopping stopping, int epochs, long steps, (int Wait, int Stopped, double Best, EarlyStoppingReason Reason) expected)
    {
        var result = Fit(values, stopping);

        Assert.Equal((epochs, steps), (result.Progress.Epoch, result.Progress.GlobalStep));
        Assert.Equal((expected.Wait, expected.Stopped, expected.Reason), (stopping.WaitCount, stopping.StoppedEpoch, stopping.StoppingReason));
        Assert.Equal(expected.Best, stopping.BestScore, 1e-6); // logged in single precision
        Assert.Equal(StopReason.Requested, result.StopReason);
        Assert.Equal(stopping.StoppingReasonMessage, result.StopMessage);
    }

    [Fact]
    public void A_difference_of_exactly_MinDelta_is_judged_in_single_precision()
    {
        // 0.9f + 0.1f is 1.0f, so that 0.9 is no improvement on 1.0; in double precision it would be one.
        var stopping = new EarlyStopping("metric") { Patience = 1, MinDelta = 0.1 };

        var result = Fit([1, 0.9, 0.1], stopping);

        Assert.Equal(2, result.Progress.Epoch);
    }

    [Theory]
    [InlineData(6, null, 6, 12)]
    [InlineData(null, 7, 4, 7)]
    public void Minimums_still_hold(int? minEpochs, int? minSteps, int epochs, long steps)
    {
        var stopping = new EarlyStopping("metric") { Patience = 1 };

        var result = Fit([1, 1.1, 1.2, 1.3], stopping, options => options with { MinEpochs = minEpochs, MinSteps = minSteps });

        Assert.Equal((epochs, steps), (result.Progress.Epoch, result.Progress.GlobalStep));
        Assert.Equal((epochs - 1, epochs - 1), (stopping.StoppedEpoch, stopping.WaitCount));
    }

    [Fact]
    public void With_several_validations_per_epoch_each_one_is_a_check()
    {
        var stopping = new EarlyStopping("metric") { Patience = 2 };

        var result = Fit([1, 1.1, 1.2], stopping, options => options with { ValCheckInterval = 0.5 });

        Assert.Equal((2, 3L), (result.Progress.Epoch, result.Progress.GlobalStep));
        Assert.Equal((1, 2), (stopping.StoppedEpoch, stopping.WaitCount));
    }

    [Fact]
    public void A_missing_metric_is_an_error_that_lists_what_was_logged()
    {
        var error = Assert.Throws<MisconfigurationException>(() => Fit([1], new EarlyStopping("foo")));

        Assert.Contains("'foo'", error.Message, StringComparison.Ordinal);
        Assert.Contains("metric", error.Message, StringComparison.Ordinal);
        Assert.Contains("Strict = false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_metric_is_passed_over_when_not_strict()
        => Assert.Equal(8, Fit([1], new EarlyStopping("foo") { Strict = false }).Progress.Epoch);

    [Fact]
    public void A_metric_of_validation_is_missing_at_the_end_of_an_epoch_without_validation()
        => Assert.Throws<MisconfigurationException>(() => Fit([1], new EarlyStopping("metric") { CheckOnTrainEpochEnd = true }, options => options with { CheckValEveryNEpoch = 2 }));

    [Fact]
    public void State_has_Lightnings_keys_and_goes_on_counting()
    {
        var first = new EarlyStopping("metric");
        Fit([1, 0.5, 0.6], first, options => options with { MaxEpochs = 3 });

        var state = first.StateDict();
        var second = new EarlyStopping("metric");
        second.LoadStateDict(state);

        Assert.Equal(["wait_count", "stopped_epoch", "best_score", "patience", "stopping_reason", "stopping_reason_message"], state.Keys);
        Assert.Equal("EarlyStopping{'monitor': 'metric', 'mode': 'min'}", first.StateKey);
        Assert.Equal((1, 0.5), (second.WaitCount, second.BestScore));
    }

    [Fact]
    public void The_best_weights_come_back_even_when_all_epochs_were_used()
    {
        var model = new ScriptedModel(1, 0.5, 0.7, 0.9);
        var weights = new List<float[]>();
        var stopping = new EarlyStopping("metric") { Patience = 10, RestoreBestWeights = true };
        var watch = new LambdaCallback(onTrainEpochEnd: _ => weights.Add(model.Layer.weight!.data<float>().ToArray()));

        new Trainer(Quiet.Options with { MaxEpochs = 4, NumSanityValSteps = 0, Callbacks = [watch, stopping] }).Fit(model, ToyData.Batches(4, 2), ToyData.Batches(4, 2, 100));

        Assert.Equal(1, stopping.BestEpoch);
        Assert.Equal(weights[1], model.Layer.weight!.data<float>().ToArray());
        Assert.NotEqual(weights[3], weights[1]);
    }

    [Fact]
    public void A_baseline_must_be_beaten_in_time()
        => Assert.Equal(2, Fit([0.9, 0.8, 0.7], new EarlyStopping("metric") { Baseline = 0.5, Patience = 2 }).Progress.Epoch);

    [Fact]
    public void Nothing_is_checked_before_the_start_epoch()
        => Assert.Equal(5, Fit([1, 2, 3, 4, 5], new EarlyStopping("metric") { StartFromEpoch = 3, Patience = 1 }).Progress.Epoch);

    [Fact]
    public void Counting_starts_anew_at_each_fit_on_request()
    {
        var stopping = new EarlyStopping("metric") { Patience = 2, ResetAtFit = true };
        Fit([1, 1, 1], stopping);

        var result = Fit([5, 5, 5], stopping);

        Assert.Equal((3, 5.0), (result.Progress.Epoch, stopping.BestScore));
    }

    [Fact]
    public void Bad_settings_are_refused_with_their_values()
    {
        Assert.Contains("Patience = -1", Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping("a") { Patience = -1 }).Message, StringComparison.Ordinal);
        Assert.Contains("MinDelta = -0.5", Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping("a") { MinDelta = -0.5 }).Message, StringComparison.Ordinal);
        Assert.Contains("StartFromEpoch = -2", Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping("a") { StartFromEpoch = -2 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new EarlyStopping(" "));
    }

    [Fact]
    public void Restored_copies_are_freed()
    {
        Fit([1], new EarlyStopping("metric") { RestoreBestWeights = true });
        var stopping = new EarlyStopping("metric") { RestoreBestWeights = true };
        var weights = new BestWeights();
        using var model = new TinyModel();
        var before = Tensor.TotalCount;

        weights.Take(model, 1, 0, copyWeights: true);
        weights.Release();

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(-1, stopping.BestEpoch);
    }

    private static FitResult Fit(double[] values, EarlyStopping stopping, Func<TrainerOptions, TrainerOptions>? change = null)
    {
        var options = Quiet.Options with { MaxEpochs = 8, NumSanityValSteps = 0, Callbacks = [stopping] };
        return new Trainer(change?.Invoke(options) ?? options).Fit(new ScriptedModel(values), ToyData.Batches(4, 2), ToyData.Batches(4, 2, 100));
    }
}
