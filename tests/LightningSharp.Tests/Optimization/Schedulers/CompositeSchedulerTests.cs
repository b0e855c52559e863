using LightningSharp.Optimization;
using TorchSharp;

namespace LightningSharp.Tests.Optimization;

public class CompositeSchedulerTests
{
    [Fact]
    public void SequentialLR_starts_with_the_first_and_hands_over_at_the_milestone()
    {
        // PyTorch's own documented example: constant at a tenth for 20 steps, then exponential.
        var optimizer = Schedule.Sgd(0.05);
        var sequence = new SequentialLR(optimizer, [new ConstantLR(optimizer, 0.1, 20), new ExponentialLR(optimizer, 0.9)], [20]);

        var curve = Schedule.Curve(sequence, 23);

        Schedule.AssertClose([0.005, 0.005, 0.05, 0.045, 0.0405], [curve[0], curve[19], curve[20], curve[21], curve[22]]);
    }

    [Fact]
    public void A_linear_warm_up_before_a_cosine_starts_at_its_factor()
    {
        var sequence = Warmed(Schedule.Sgd(1.0));

        Schedule.AssertClose([0.1, 0.4, 0.7, 1, 0.8535533905932737, 0.5, 0.14644660940672624, 0], Schedule.Curve(sequence, 8));
    }

    [Fact]
    public void A_multiplicative_schedule_in_a_sequence_multiplies_what_it_finds_as_in_PyTorch()
    {
        var optimizer = Schedule.Sgd(1.0);
        var sequence = new SequentialLR(optimizer, [new ConstantLR(optimizer, 0.5, 10), new MultiplicativeLR(optimizer, _ => 0.1)], [2]);

        Schedule.AssertClose([0.5, 0.5, 0.05, 0.005], Schedule.Curve(sequence, 4));
    }

    [Fact]
    public void ChainedScheduler_multiplies_its_parts()
    {
        // PyTorch's own documented example.
        var optimizer = Schedule.Sgd(0.05);
        var chain = new ChainedScheduler([new ConstantLR(optimizer, 0.1, 20), new ExponentialLR(optimizer, 0.9)]);

        var curve = Schedule.Curve(chain, 22);

        Schedule.AssertClose([0.005, 0.0045, 0.00405, 0.005 * Math.Pow(0.9, 19), 0.05 * Math.Pow(0.9, 20)], [curve[0], curve[1], curve[2], curve[19], curve[20]]);
    }

    [Fact]
    public void A_chain_inside_a_sequence_inside_a_sequence_starts_and_takes_its_turn()
    {
        var optimizer = Schedule.Sgd(1.0);
        var chain = new ChainedScheduler([new ConstantLR(optimizer, 0.5, 10), new ExponentialLR(optimizer, 0.1)]);
        var inner = new SequentialLR(optimizer, [chain, new ExponentialLR(optimizer, 0.5)], [2]);
        var outer = new SequentialLR(optimizer, [inner, new LambdaLR(optimizer, t => 7 + t)], [4]);

        Schedule.AssertClose([0.5, 0.05, 1, 0.5, 7, 8], Schedule.Curve(outer, 6));
    }

    [Fact]
    public void A_sequence_in_second_place_starts_at_the_handover()
    {
        var optimizer = Schedule.Sgd(1.0);
        var inner = new SequentialLR(optimizer, [new ConstantLR(optimizer, 0.5, 10), new ExponentialLR(optimizer, 0.1)], [2]);
        var outer = new SequentialLR(optimizer, [new LambdaLR(optimizer, _ => 3), inner], [1]);

        Schedule.AssertClose([3, 0.5, 0.5, 1, 0.1], Schedule.Curve(outer, 5));
    }

    [Fact]
    public void TorchSharps_schedulers_cannot_be_parts_of_a_sequence()
    {
        var optimizer = Schedule.Sgd(1.0);
        var foreign = new TorchSharpScheduler(torch.optim.lr_scheduler.StepLR(optimizer, 2), optimizer);

        Assert.Throws<ArgumentException>(() => new SequentialLR(optimizer, [foreign], []));
    }

    [Fact]
    public void The_state_holds_those_of_the_parts_under_PyTorchs_keys()
    {
        var sequence = Warmed(Schedule.Sgd(1.0));
        sequence.Step();

        var state = sequence.StateDict();

        Assert.Equal(["_milestones", "last_epoch", "_last_lr", "_schedulers"], state.Keys);
        var parts = Assert.IsAssignableFrom<IReadOnlyList<object?>>(state["_schedulers"]);
        Assert.Equal(1L, ((IReadOnlyDictionary<string, object?>)parts[0]!)["last_epoch"]);
        Assert.Equal(-1L, ((IReadOnlyDictionary<string, object?>)parts[1]!)["last_epoch"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_resumed_sequence_draws_the_uninterrupted_curve(int before)
        => Schedule.AssertResumesExactly(() => Schedule.Sgd(0.1), Warmed, before, 4);

    [Fact]
    public void A_resumed_chain_draws_the_uninterrupted_curve()
        => Schedule.AssertResumesExactly(
            () => Schedule.Sgd(0.1),
            optimizer => new ChainedScheduler([new LinearLR(optimizer, 0.2), new StepLR(optimizer, 2, 0.5)]),
            before: 3,
            after: 5);

    [Fact]
    public void A_state_with_another_number_of_parts_is_refused()
    {
        var optimizer = Schedule.Sgd(0.1);
        var chain = new ChainedScheduler([new StepLR(optimizer, 2)]);

        var error = Assert.Throws<CheckpointException>(() => chain.LoadStateDict(Warmed(Schedule.Sgd(0.1)).StateDict()));

        Assert.Contains("holds 2 schedulers, but this one has 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_another_optimizer_and_plateaus_are_refused()
    {
        var optimizer = Schedule.Sgd(0.1);

        Assert.Throws<ArgumentException>(() => new ChainedScheduler([new StepLR(optimizer, 1), new StepLR(Schedule.Sgd(0.1), 1)]));
        Assert.Throws<ArgumentException>(() => new ChainedScheduler([new ReduceLROnPlateau(optimizer)]));
        Assert.Throws<ArgumentException>(() => new ChainedScheduler([]));
    }

    [Fact]
    public void Milestones_that_do_not_fit_the_parts_are_refused()
    {
        var optimizer = Schedule.Sgd(0.1);

        var error = Assert.Throws<ArgumentException>(() => new SequentialLR(optimizer, [new StepLR(optimizer, 1)], [3]));

        Assert.Contains("1 schedulers and the milestones [3]", error.Message, StringComparison.Ordinal);
    }

    private static SequentialLR Warmed(torch.optim.Optimizer optimizer)
        => new(optimizer, [new LinearLR(optimizer, 0.1, totalIters: 3), new CosineAnnealingLR(optimizer, 4)], [3]);
}
