using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization.Fused;

public class OptimizerAccelerationTests
{
    public static TheoryData<string> Kinds() => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<Parameter[], optim.Optimizer>> Makers = new()
    {
        ["Adam"] = p => optim.Adam(p, 0.01, 0.8, 0.99, 1e-6, 0.1, amsgrad: true),
        ["AdamW"] = p => optim.AdamW(p, 0.01, 0.8, 0.99, 1e-6, 0.1),
        ["SGD"] = p => optim.SGD(p, 0.01, momentum: 0.9, dampening: 0.1, weight_decay: 0.1),
        ["Adagrad"] = p => optim.Adagrad(p, 0.01, 0.1, 0.1, 0.5, 1e-6),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_group_that_is_added_to_the_fused_optimizer_is_driven_by_the_schedule_that_was_built_on_the_other(string kind)
    {
        using TinyProblem problem = new();
        using Parameter added = new(ones(3));
        var original = Makers[kind](problem.Parameters);
        var schedule = new StepLR(original, 1, 0.5);
        using var fused = OptimizerAcceleration.Accelerate(original)!; // all four have a kernel

        LightningSharp.Callbacks.AddedParameterGroup.To(fused, [added], 0.4);
        schedule.Step();

        Assert.Equal(fused.ParamGroups, original.ParamGroups);
        Assert.Equal([0.005, 0.2], schedule.LastLearningRates.Select(rate => Math.Round(rate, 9)));
        Assert.Equal([0.005, 0.2], fused.ParamGroups.Select(group => Math.Round(group.LearningRate, 9)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_fused_optimizer_continues_where_TorchSharps_stood(string kind)
    {
        using TinyProblem theirs = new(), ours = new();
        using var reference = Makers[kind](theirs.Parameters);
        var original = Makers[kind](ours.Parameters);
        void Both(optim.Optimizer second, int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                theirs.NextGradients();
                ours.NextGradients();
                reference.step();
                second.step();
            }
        }

        Both(original, 5);
        using var fused = OptimizerAcceleration.Accelerate(original);
        Assert.NotNull(fused);
        Both(fused, 20);

        Assert.Equal($"Fused{kind}", fused.GetType().Name);
        Assert.True(fused.UsesKernel);
        Assert.InRange(ours.DistanceTo(theirs), 0, 1e-6);
    }

    [Fact]
    public void A_scheduler_built_on_the_original_steers_the_fused_one()
    {
        using TinyProblem problem = new();
        var original = optim.SGD(problem.Parameters, 0.1);
        var scheduler = optim.lr_scheduler.ExponentialLR(original, 0.5);

        using var fused = OptimizerAcceleration.Accelerate(original);
        scheduler.step();

        Assert.Equal(0.05, fused!.ParamGroups.Single().LearningRate, 1e-12);
    }

    [Fact]
    public void An_accelerated_optimizer_outlives_a_collected_original()
    {
        using TinyProblem problem = new();
        using var fused = Convert(problem.Parameters);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        problem.NextGradients();
        fused.step();

        Assert.Equal(4, ((Dictionary<long, object?>)fused.StateDict()["state"]!).Count);

        static FusedOptimizer Convert(Parameter[] parameters) => OptimizerAcceleration.Accelerate(optim.Adam(parameters))!;
    }

    [Fact]
    public void What_the_kernel_would_compute_otherwise_is_left_alone()
    {
        using TinyProblem problem = new(), integers = new(1, ScalarType.ComplexFloat32);
        using var gap = new Parameter(zeros(4, 6).narrow(1, 0, 3));
        using optim.Optimizer rms = optim.RMSProp(problem.Parameters), derived = new OwnAdam(problem.Parameters);
        using optim.Optimizer opposite = optim.SGD(problem.Parameters, 0.1, weight_decay: 0.1, maximize: true);
        using optim.Optimizer complex = optim.SGD(integers.Parameters, 0.1), view = optim.SGD([gap], 0.1);

        Assert.Null(OptimizerAcceleration.Accelerate(rms));
        Assert.Null(OptimizerAcceleration.Accelerate(derived));
        Assert.Null(OptimizerAcceleration.Accelerate(opposite));
        Assert.Null(OptimizerAcceleration.Accelerate(complex));
        Assert.Null(OptimizerAcceleration.Accelerate(view));
    }

    private sealed class OwnAdam(IEnumerable<Parameter> parameters) : Adam(parameters);
}
