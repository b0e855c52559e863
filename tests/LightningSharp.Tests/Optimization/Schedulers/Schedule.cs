using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

/// <summary>Optimizers to schedule, and the curve that a schedule draws.</summary>
internal static class Schedule
{
    public static optim.Optimizer Sgd(params double[] learningRates) => new TorchSharp.Modules.SGD(
        learningRates.Select(rate => new TorchSharp.Modules.SGD.ParamGroup([new TorchSharp.Modules.Parameter(ones(2))], rate, momentum: 0.9)), 0.1);

    public static double Rate(optim.Optimizer optimizer, int group = 0) => optimizer.ParamGroups.ElementAt(group).LearningRate;

    /// <summary>The learning rates of steps 0, 1, … count − 1.</summary>
    public static double[] Curve(LearningRateScheduler scheduler, int count, int group = 0)
    {
        var rates = new double[count];
        for (var step = 0; step < count; step++)
        {
            rates[step] = Rate(scheduler.Optimizer, group);
            Assert.Equal(rates[step], scheduler.LastLearningRates[group]);
            if (step < count - 1)
            {
                scheduler.Step();
            }
        }

        return rates;
    }

    /// <summary>Equal to a relative 1e-6, the agreement with PyTorch that is promised; 1e-12 absolute where the schedule ends at 0.</summary>
    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= Math.Max(1e-6 * Math.Abs(expected[i]), 1e-12),
                $"Step {i}: expected {expected[i]:R}, received {actual[i]:R}.");
        }
    }

    /// <summary>Save after some steps, load into a fresh pair with the saved optimizer state, go on: the curve must be the uninterrupted one, bit for bit.</summary>
    public static void AssertResumesExactly(Func<optim.Optimizer> optimizer, Func<optim.Optimizer, LearningRateScheduler> build, int before, int after)
    {
        var whole = Curve(build(optimizer()), before + after + 1);
        var first = build(optimizer());
        for (var step = 0; step < before; step++)
        {
            first.Step();
        }

        var freshOptimizer = optimizer();
        var fresh = build(freshOptimizer);
        OptimizerState.Load(freshOptimizer, OptimizerState.Save(first.Optimizer, [first]));
        fresh.LoadStateDict(first.StateDict());

        Assert.Equal(first.LastEpoch, fresh.LastEpoch);
        Assert.Equal(whole[before..], Curve(fresh, after + 1));
        Assert.Equal(fresh.StateDict().Keys, first.StateDict().Keys);
    }
}
