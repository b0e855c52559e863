using System.Text;
using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Contract;

/// <summary>
/// Configurations next to the recorded ones of the conformance cases: other numbers, other combinations. What is expected was worked out by hand from the rules of the
/// specification. A run is written as a line: <c>.</c> a batch that only accumulates, <c>s</c> one whose optimizer steps, <c>v</c> a validation, <c>y</c> a sanity check, <c>|</c> the end of an epoch.
/// </summary>
public class NeighbourTests
{
    private static readonly TrainerOptions Q = Quiet.Options with { NumSanityValSteps = 0 };

    public static TheoryData<string> Runs => [.. All.Keys];

    // batches, options, the line
    private static Dictionary<string, (int Batches, TrainerOptions Options, string Line)> All { get; } = new()
    {
        // accumulation (O5)
        ["accumulate 4 of 6"] = (6, Q with { AccumulateGradBatches = 4, MaxEpochs = 2 }, "...s.sv|...s.sv|"),
        ["accumulate more than an epoch has"] = (3, Q with { AccumulateGradBatches = 10 }, "..sv|"),
        ["accumulate 3 of 7, validate every 2"] = (7, Q with { AccumulateGradBatches = 3, ValCheckInterval = 2 }, "..vs.v.svs|"),
        ["accumulate by a schedule"] = (4, Q with { MaxEpochs = 2, Callbacks = [new GradientAccumulationScheduler(new() { [1] = 3 })] }, "ssssv|..ssv|"),
        ["accumulate 4 of 6 of a stream"] = (-6, Q with { AccumulateGradBatches = 4 }, "...s.sv|"),
        ["the rest of an epoch is skipped in mid-window"] = (6, Q with { AccumulateGradBatches = 4, MaxEpochs = 2, Callbacks = [SkipAt(5)] }, "...s.|...s.|"),
        ["the rest of an epoch is skipped at its first batch"] = (3, Q with { MaxEpochs = 2, Callbacks = [SkipAt(0)] }, "||"),

        // fractions of an epoch (T16, O16)
        ["validate every 0.3 of 10"] = (10, Q with { ValCheckInterval = 0.3 }, "sssvsssvsssvs|"),
        ["validate every 0.3 of 7"] = (7, Q with { ValCheckInterval = 0.3 }, "ssvssvssvs|"),
        ["validate every 0.3 of 2"] = (2, Q with { ValCheckInterval = 0.3 }, "svsv|"),
        ["validate every 0.99 of 5"] = (5, Q with { ValCheckInterval = 0.99 }, "ssssvs|"),
        ["validate every 0.5 of a limited epoch"] = (9, Q with { ValCheckInterval = 0.5, LimitTrainBatches = 4 }, "ssvssv|"),

        // batches across epochs (T17, O15)
        ["validate every 4 batches across epochs of 3"] = (3, Q with { MaxEpochs = 3, ValCheckInterval = 4, CheckValEveryNEpoch = null }, "sss|svss|ssvs|"),
        ["the same with accumulation"] = (3, Q with { MaxEpochs = 3, ValCheckInterval = 4, CheckValEveryNEpoch = null, AccumulateGradBatches = 2 }, ".ss|.vss|.svs|"),
        ["the same until a number of steps"] = (4, Q with { MaxEpochs = null, MaxSteps = 7, ValCheckInterval = 3, CheckValEveryNEpoch = null }, "sssvs|ssvs|"),

        // epochs
        ["validate every 3 of 5 epochs"] = (2, Q with { MaxEpochs = 5, CheckValEveryNEpoch = 3 }, "ss|ss|ssv|ss|ss|"),
        ["validate every 2 of 3 epochs, twice"] = (4, Q with { MaxEpochs = 3, CheckValEveryNEpoch = 2, ValCheckInterval = 0.5 }, "ssss|ssvssv|ssss|"),
        ["validate every 3 batches in every 2nd epoch"] = (4, Q with { MaxEpochs = 2, CheckValEveryNEpoch = 2, ValCheckInterval = 3 }, "ssss|sssvs|"),
        ["no epoch"] = (2, Q with { MaxEpochs = 0 }, ""),

        // steps (O1, O2)
        ["3 steps of 5 batches"] = (5, Q with { MaxEpochs = null, MaxSteps = 3 }, "sss|"),
        ["5 steps of 5 batches"] = (5, Q with { MaxEpochs = null, MaxSteps = 5 }, "sssssv|"),
        ["7 steps of 5 batches"] = (5, Q with { MaxEpochs = null, MaxSteps = 7 }, "sssssv|ss|"),
        ["4 steps of 5 batches with accumulation"] = (5, Q with { MaxEpochs = null, MaxSteps = 4, AccumulateGradBatches = 2 }, ".s.ssv|.s|"),
        ["no step"] = (2, Q with { MaxEpochs = null, MaxSteps = 0 }, ""),

        // limits (T14, T15)
        ["half of 7"] = (7, Q with { LimitTrainBatches = 0.5 }, "sssv|"),
        ["0.3 of 7, validated in the middle"] = (7, Q with { LimitTrainBatches = 0.3, ValCheckInterval = 0.5 }, "svsv|"),
        ["more than there is"] = (2, Q with { LimitTrainBatches = 5, LimitValBatches = 50 }, "ssv|"),
        ["no validation"] = (2, Q with { LimitValBatches = 0, NumSanityValSteps = 2 }, "ss|"),
        ["overfit 0.4 of 5"] = (5, Q with { OverfitBatches = 0.4 }, "ssv|"),
        ["overfit takes the place of the limits"] = (5, Q with { OverfitBatches = 2, LimitTrainBatches = 4, LimitValBatches = 1 }, "ssv|"),
        ["fast 2"] = (5, Q with { FastDevRun = 2, MaxEpochs = 9, CheckValEveryNEpoch = 3, NumSanityValSteps = 2 }, "ssv|"),
        ["fast 2 with accumulation"] = (5, Q with { FastDevRun = 2, AccumulateGradBatches = 2 }, ".sv|"),
        ["fast 9 of 2"] = (2, Q with { FastDevRun = 9 }, "ssv|"),
        ["sanity check of all"] = (2, Q with { NumSanityValSteps = -1 }, "yssv|"),

        // loaders without a length (T16, O15)
        ["a stream that ends before its limit"] = (-5, Q with { LimitTrainBatches = 8 }, "sssssv|"),
        ["a stream that is longer than its limit"] = (-5, Q with { LimitTrainBatches = 3, MaxEpochs = 2 }, "sssv|sssv|"),
        ["a stream validated every 2 batches"] = (-5, Q with { ValCheckInterval = 2 }, "ssvssvs|"),

        // stops and minimums (O2 to O4, T10, T12)
        ["a stop in mid-epoch validates"] = (5, Q with { MaxEpochs = 3, Callbacks = [StopAt(2)] }, "ssv|"),
        ["a stop in an epoch without validation does not"] = (5, Q with { MaxEpochs = 3, CheckValEveryNEpoch = 2, Callbacks = [StopAt(2)] }, "ss|"),
        ["a stop waits for the steps, and the epoch that they imply"] = (5, Q with { MaxEpochs = 3, MinSteps = 3, Callbacks = [StopAt(1)] }, "sssssv|"),
        ["a stop waits for the steps alone"] = (5, Q with { MaxEpochs = 3, MinSteps = 3, MinEpochs = 0, Callbacks = [StopAt(1)] }, "sssv|"),
        ["a stop waits for the epochs"] = (2, Q with { MaxEpochs = 5, MinEpochs = 2, Callbacks = [StopAt(1)] }, "ssv|ssv|"),
        ["more minimum of steps than epochs allow"] = (2, Q with { MaxEpochs = 2, MinSteps = 100, Callbacks = [StopAt(1)] }, "ssv|ssv|"),
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_run_steps_and_validates_where_the_rules_say(string name)
    {
        var (batches, options, expected) = All[name];
        var line = new StringBuilder();
        long steps = 0;
        var record = new LambdaCallback(
            onTrainBatchEnd: c => line.Append(steps == (steps = c.Trainer.GlobalStep) ? '.' : 's'),
            onValidationEnd: c => line.Append(c.Trainer.Stage == Stage.SanityCheck ? 'y' : 'v'),
            onTrainEpochEnd: _ => line.Append('|'));

        new Trainer(options with { Callbacks = [.. options.Callbacks, record] }).Fit(new TinyModel(), Loader(batches), ToyData.Batches(12, 4));

        Assert.Equal(expected, line.ToString());
    }

    [Fact]
    public void Gradients_of_a_window_that_is_skipped_do_not_enter_the_next_one()
    {
        var (model, byHand) = (new TinyModel(), new TinyModel());
        var batches = ToyData.Batches(24, 4);

        new Trainer(Q with { AccumulateGradBatches = 4, MaxEpochs = 2, FusedOptimizers = false, Callbacks = [SkipAt(5)] }).Fit(model, batches); // windows of 4, and one batch that is given up
        for (var epoch = 0; epoch < 2; epoch++)
        {
            byHand.zero_grad(set_to_none: true);
            foreach (var (x, y) in batches.Take(4)) (nn.functional.mse_loss(byHand.call(x), y) / 4).backward();
            using var noGrad = no_grad();
            foreach (var parameter in byHand.parameters()) parameter.sub_(parameter.grad! * 0.1);
        }

        Assert.Equal(byHand.Layer.weight!.data<float>().ToArray(), model.Layer.weight!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(2, 5, "0 2 4")]
    [InlineData(3, 5, "0 3")]
    [InlineData(1, 3, "0 1 2")]
    [InlineData(0, 3, "0")]
    public void T35_training_data_are_asked_for_every_so_many_epochs(int every, int epochs, string expected)
    {
        using var model = new AsksForData();

        new Trainer(Q with { MaxEpochs = epochs, ReloadDataloadersEveryNEpochs = every }).Fit(model);

        Assert.Equal(expected, string.Join(' ', model.Asked));
    }

    private static LambdaCallback SkipAt(int batch) => new(onTrainBatchStart: c =>
    {
        if (c.BatchIndex == batch) c.Trainer.SkipRestOfEpoch();
    });

    private static LambdaCallback StopAt(long step) => new(onTrainBatchEnd: c =>
    {
        if (c.Trainer.GlobalStep == step) c.Trainer.Stop("as planned");
    });

    // Negative: a stream, whose length nobody knows.
    private static IEnumerable<(Tensor X, Tensor Y)> Loader(int batches) => batches < 0 ? Stream(-batches) : ToyData.Batches(batches * 4, 4);

    private static IEnumerable<(Tensor X, Tensor Y)> Stream(int batches)
    {
        foreach (var batch in ToyData.Batches(batches * 4, 4)) yield return batch;
    }

    private sealed class AsksForData : TinyModel
    {
        public List<int> Asked { get; } = [];

        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader()
        {
            Asked.Add(CurrentEpoch);
            return ToyData.Batches(4, 4);
        }
    }
}
