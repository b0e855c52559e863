using LightningSharp.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using OptimizerState = LightningSharp.Optimization.OptimizerState;

namespace LightningSharp.Tests.Optimization;

public class OneCycleLRTests
{
    [Fact]
    public void The_learning_rates_are_those_of_the_recorded_run()
    {
        // conformance case lr.one_cycle: max_lr 0.2, ten steps.
        double[] expected =
        [
            0.008000000000000007, 0.10400000000000001, 0.2, 0.19009692640269477, 0.1623491307899526,
            0.12225240438725786, 0.07774839561274215, 0.0376516692100474, 0.009903873597305258, 8e-07,
        ];

        Schedule.AssertClose(expected, Schedule.Curve(new OneCycleLR(Schedule.Sgd(0.1), 0.2, 10), 10));
    }

    [Fact]
    public void Momentum_moves_the_other_way()
    {
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new OneCycleLR(optimizer, 0.2, 11, pctStart: 3 / 11.0, annealStrategy: AnnealStrategy.Linear);
        List<double> momenta = [];

        for (var step = 0; step < 11; step++)
        {
            momenta.Add(((IMomentum)optimizer.ParamGroups.First()).Momentum);
            if (step < 10)
            {
                scheduler.Step();
            }
        }

        Schedule.AssertClose([0.95, 0.9, 0.85, 0.8625, 0.875, 0.8875, 0.9, 0.9125, 0.925, 0.9375, 0.95], momenta);
    }

    [Fact]
    public void Adam_has_its_first_beta_cycled()
    {
        var optimizer = Adam([new Parameter(ones(1))]);
        var scheduler = new OneCycleLR(optimizer, 0.2, 10);

        scheduler.Step();
        scheduler.Step();

        var (beta1, beta2) = ((IBetas)optimizer.ParamGroups.First()).Betas;
        Schedule.AssertClose([0.85, 0.999], [beta1, beta2]);
    }

    [Fact]
    public void Three_phases_rise_fall_and_decay()
    {
        // pctStart 0.3 of 10 steps: phases end at 2, 4 and 9; linear between 0.04, 1, 0.04 and 4e-6.
        var curve = Schedule.Curve(new OneCycleLR(Schedule.Sgd(0.1), 1.0, 10, annealStrategy: AnnealStrategy.Linear, threePhase: true), 10);

        Schedule.AssertClose([0.04, 0.52, 1, 0.52, 0.04, 0.04 + ((4e-6 - 0.04) / 5), 4e-6], [curve[0], curve[1], curve[2], curve[3], curve[4], curve[5], curve[9]]);
    }

    [Fact]
    public void The_length_can_be_filled_in_before_the_first_step()
    {
        var scheduler = new OneCycleLR(Schedule.Sgd(0.1), 0.2);

        ((INeedsTotalSteps)scheduler).TotalSteps = 10;

        Schedule.AssertClose([0.008, 0.104, 0.2], Schedule.Curve(scheduler, 3));
    }

    [Fact]
    public void Stepping_without_a_length_or_beyond_it_is_refused()
    {
        var unknown = new OneCycleLR(Schedule.Sgd(0.1), 0.2);
        var done = new OneCycleLR(Schedule.Sgd(0.1), 0.2, 3);
        done.Step();
        done.Step();
        done.Step();

        Assert.Throws<InvalidOperationException>(unknown.Step);
        var error = Assert.Throws<InvalidOperationException>(done.Step);
        Assert.Contains("the 3 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optimizer_without_momentum_is_refused_unless_momentum_stays()
    {
        var optimizer = Adagrad([new Parameter(ones(1))]);

        Assert.Throws<MisconfigurationException>(() => new OneCycleLR(optimizer, 0.1, 10));
        _ = new OneCycleLR(optimizer, 0.1, 10, cycleMomentum: false);
    }

    [Fact]
    public void Python_finds_the_peak_in_the_group_of_the_saved_optimizer()
    {
        var optimizer = Schedule.Sgd(0.1);
        var scheduler = new OneCycleLR(optimizer, 0.2, 10);

        var group = (IReadOnlyDictionary<string, object?>)((IReadOnlyList<object?>)OptimizerState.Save(optimizer, [scheduler])["param_groups"]!)[0]!;

        Assert.Equal((0.008, 0.2, 0.95, 0.85), (group["initial_lr"], group["max_lr"], group["max_momentum"], group["base_momentum"]));
        Schedule.AssertClose([8e-7], [(double)group["min_lr"]!]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Resuming_draws_the_uninterrupted_curve(bool threePhase)
        => Schedule.AssertResumesExactly(() => Schedule.Sgd(0.1), optimizer => new OneCycleLR(optimizer, 0.2, 12, threePhase: threePhase), 5, 6);

    [Fact]
    public void A_length_that_was_filled_in_beats_the_saved_one_so_that_a_run_can_be_made_longer()
    {
        var saved = new OneCycleLR(Schedule.Sgd(0.1), 0.2) { TotalSteps = 10 };
        var longer = new OneCycleLR(Schedule.Sgd(0.1), 0.2) { TotalSteps = 20 };
        var chosen = new OneCycleLR(Schedule.Sgd(0.1), 0.2, 15);

        longer.LoadStateDict(saved.StateDict());
        chosen.LoadStateDict(saved.StateDict());

        Assert.Equal((20, 10), (longer.TotalSteps, chosen.TotalSteps));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Momentum_can_be_cycled_in_an_optimizer_that_was_built_without_any(bool rmsProp)
    {
        Parameter[] weights = [new(ones(2))];
        Optimizer optimizer = rmsProp ? new RMSProp(weights, 0.1) : new SGD(weights, 0.1);
        var scheduler = new OneCycleLR(optimizer, 0.1, 10);

        for (var step = 0; step < 3; step++)
        {
            using var loss = weights[0].pow(2).sum();
            loss.backward();
            _ = optimizer.step();
            scheduler.Step();
        }

        Assert.True(weights[0].lt(1).all().item<bool>());
    }
}
