using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization.Fused;

/// <summary>Every combination of every option, through the public constructors, against TorchSharp's own optimizers.</summary>
public class FusedOptionTests
{
    private static readonly bool[] Flags = [false, true];

    public static IEnumerable<TheoryDataRow<string>> Combinations()
        => from kind in (string[])["adam", "adamw"]
           from decay in (string[])["", " decay"]
           from amsgrad in (string[])["", " amsgrad"]
           from maximize in (string[])["", " maximize"]
           from betas in (string[])["", " betas"]
           select new TheoryDataRow<string>(kind + decay + amsgrad + maximize + betas);

    public static IEnumerable<TheoryDataRow<double, double, double, bool, bool>> SgdCombinations()
        => from momentum in (double[])[0, 0.9]
           from dampening in (double[])[0, 0.3]
           from decay in (double[])[0, 0.1]
           from nesterov in Flags
           from maximize in Flags
           where !nesterov || (momentum > 0 && dampening == 0)
           where !maximize || decay == 0 // TorchSharp differs from PyTorch there; a test of its own
           select new TheoryDataRow<double, double, double, bool, bool>(momentum, dampening, decay, nesterov, maximize);

    public static IEnumerable<TheoryDataRow<double, double, double, double>> AdagradCombinations()
        => from lrDecay in (double[])[0, 0.05]
           from decay in (double[])[0, 0.1]
           from start in (double[])[0, 0.5]
           from eps in (double[])[1e-10, 1e-3]
           select new TheoryDataRow<double, double, double, double>(lrDecay, decay, start, eps);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Adam_and_AdamW_agree_with_TorchSharps_in_every_combination(string options)
    {
        var (decay, amsgrad, maximize) = (options.Contains(" decay", StringComparison.Ordinal) ? 0.05 : 0, options.Contains(" amsgrad", StringComparison.Ordinal), options.Contains(" maximize", StringComparison.Ordinal));
        var (beta1, beta2, eps) = options.Contains(" betas", StringComparison.Ordinal) ? (0.5, 0.9, 1e-3) : (0.9, 0.999, 1e-8);
        Agree(
            p => options.StartsWith("adamw", StringComparison.Ordinal)
                ? optim.AdamW(p, 0.01, beta1, beta2, eps, decay, amsgrad, maximize) : optim.Adam(p, 0.01, beta1, beta2, eps, decay, amsgrad, maximize),
            p => options.StartsWith("adamw", StringComparison.Ordinal)
                ? new FusedAdamW(p, 0.01, beta1, beta2, eps, decay, amsgrad, maximize) : new FusedAdam(p, 0.01, beta1, beta2, eps, decay, amsgrad, maximize));
    }

    [Theory]
    [MemberData(nameof(SgdCombinations))]
    public void SGD_agrees_with_TorchSharps_in_every_combination(double momentum, double dampening, double decay, bool nesterov, bool maximize)
        => Agree(
            p => optim.SGD(p, 0.01, momentum, dampening, decay, nesterov, maximize),
            p => new FusedSGD(p, 0.01, momentum, dampening, decay, nesterov, maximize));

    [Theory]
    [MemberData(nameof(AdagradCombinations))]
    public void Adagrad_agrees_with_TorchSharps_in_every_combination(double lrDecay, double decay, double start, double eps)
        => Agree(
            p => optim.Adagrad(p, 0.05, lrDecay, decay, start, eps),
            p => new FusedAdagrad(p, 0.05, lrDecay, decay, start, eps));

    [Fact]
    public void SGD_with_maximize_and_decay_follows_PyTorchs_formula()
    {
        using var parameter = new Parameter(tensor([2.0], float64));
        using var optimizer = new FusedSGD([parameter], lr: 0.1, weight_decay: 0.5, maximize: true);
        parameter.grad = tensor([3.0], float64);

        optimizer.step();

        Assert.Equal(2 - (0.1 * (-3 + (0.5 * 2))), parameter.data<double>()[0], 1e-12);
    }

    // Both round, at different places: the results may differ by what either differs from the exact one.
    [Theory]
    [InlineData("adam", ScalarType.BFloat16)]
    [InlineData("adam", ScalarType.Float16)]
    [InlineData("adamw", ScalarType.BFloat16)]
    [InlineData("adamw", ScalarType.Float16)]
    [InlineData("sgd", ScalarType.BFloat16)]
    [InlineData("sgd", ScalarType.Float16)]
    [InlineData("adagrad", ScalarType.BFloat16)]
    [InlineData("adagrad", ScalarType.Float16)]
    public void With_short_floats_results_are_as_near_to_the_truth_as_TorchSharps(string kind, ScalarType dtype)
    {
        using TinyProblem theirs = new(1, dtype, [7], [40, 50]), ours = new(1, dtype, [7], [40, 50]), exact = new(1, dtype, [7], [40, 50]);
        var truth = exact.Parameters.Select(parameter => new Parameter(parameter.detach().to(ScalarType.Float64))).ToArray();
        using var reference = Own(kind, theirs.Parameters);
        using var fused = Fused(kind, ours.Parameters);
        using var exactly = Own(kind, truth);
        for (var step = 0; step < 20; step++)
        {
            theirs.NextGradients();
            ours.NextGradients();
            exact.NextGradients();
            using var scope = NewDisposeScope();
            foreach (var (from, to) in exact.Parameters.Zip(truth)) to.grad = from.grad!.to(ScalarType.Float64); // just made
            reference.step();
            fused.step();
            exactly.step();
        }

        Assert.Equal(kind != "sgd", fused.UsesKernel); // libtorch's own is broken there
        Assert.InRange(Distance(ours.Parameters, truth), 0, Distance(theirs.Parameters, truth) * 1.1);
        using var original = Own(kind, ours.Parameters);
        using var replaced = OptimizerAcceleration.Accelerate(original);
        Assert.Equal(kind != "sgd", replaced is not null);
    }

    private static FusedOptimizer Fused(string kind, Parameter[] parameters) => kind switch
    {
        "adam" => new FusedAdam(parameters, 0.01, eps: 1e-3),
        "adamw" => new FusedAdamW(parameters, 0.01, eps: 1e-3, weight_decay: 0.1),
        "sgd" => new FusedSGD(parameters, 0.01, momentum: 0.9, nesterov: true, weight_decay: 0.1),
        _ => new FusedAdagrad(parameters, 0.05, eps: 1e-3),
    };

    [Fact]
    public void Groups_of_several_types_and_empty_parameters_are_stepped_together()
    {
        using TinyProblem single = new(1, ScalarType.Float32, [3, 5], [0], [7]), wide = new(2, ScalarType.Float64, [4]);
        using TinyProblem single2 = new(1, ScalarType.Float32, [3, 5], [0], [7]), wide2 = new(2, ScalarType.Float64, [4]);
        using var reference = optim.AdamW([.. single.Parameters, .. wide.Parameters], 0.01);
        using var fused = new FusedAdamW([.. single2.Parameters, .. wide2.Parameters], 0.01, weight_decay: 0);

        for (var step = 0; step < 20; step++)
        {
            foreach (var problem in (TinyProblem[])[single, wide, single2, wide2]) problem.NextGradients();
            reference.step();
            fused.step();
        }

        Assert.True(fused.UsesKernel);
        Assert.InRange(Distance([single.Parameters[0], single.Parameters[2]], [single2.Parameters[0], single2.Parameters[2]]), 0, 1e-6);
        Assert.InRange(Distance(wide.Parameters, wide2.Parameters), 0, 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_group_that_the_module_adds_to_its_own_optimizer_is_trained(bool fused)
    {
        var model = new AddsGroup();
        var before = model.Head.weight!.clone();

        new Trainer(Quiet.Options with { MaxEpochs = 4, FusedOptimizers = fused, GradientClipVal = 1 }).Fit(model, ToyData.Batches(8, 4));

        Assert.False(before.equal(model.Head.weight!).all().item<bool>());
        Assert.Equal(2, model.Seen.Count); // the gradient of one batch in each step of the two epochs, not a growing sum
        Assert.All(model.Seen, norm => Assert.InRange(norm, 0, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parameters_unfrozen_later_start_from_their_first_step(bool fused)
    {
        var model = new Unfreezes();

        new Trainer(Quiet.Options with { MaxEpochs = 4, FusedOptimizers = fused }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(model.First, model.Second); // both frozen epochs
        Assert.Equal(0.01, Math.Abs(model.Third - model.Second), 1e-4); // Adam's first step is the learning rate, whatever the gradient
    }

    [Fact]
    public void An_optimizer_that_the_module_keeps_takes_its_state_back_when_a_run_does_without_engines()
    {
        var (plain, mixed) = (new Keeps(), new Keeps());
        foreach (var (model, first) in ((Keeps, bool)[])[(plain, false), (mixed, true)])
        {
            new Trainer(Quiet.Options with { MaxEpochs = 3, FusedOptimizers = first }).Fit(model, ToyData.Batches(8, 4));
            new Trainer(Quiet.Options with { MaxEpochs = 3, FusedOptimizers = false }).Fit(model, ToyData.Batches(8, 4));
        }

        Assert.All(plain.Losses.Zip(mixed.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static void Agree(Func<Parameter[], optim.Optimizer> theirs, Func<Parameter[], FusedOptimizer> ours)
    {
        using TinyProblem left = new(), right = new(), exactLeft = new(dtype: ScalarType.Float64), exactRight = new(dtype: ScalarType.Float64);
        using optim.Optimizer reference = theirs(left.Parameters), exactReference = theirs(exactLeft.Parameters);
        using FusedOptimizer fused = ours(right.Parameters), exactFused = ours(exactRight.Parameters);
        for (var step = 0; step < 60; step++)
        {
            var current = step;
            bool Has(int i) => i < 2 || (current + i) % (i + 1) == 0; // some have no gradient in some steps
            foreach (var problem in (TinyProblem[])[left, right, exactLeft, exactRight]) problem.NextGradients(Has);
            reference.step();
            fused.step();
            exactReference.step();
            exactFused.step();
            if (step != 30) continue;
            foreach (var optimizer in (optim.Optimizer[])[reference, fused, exactReference, exactFused])
            {
                foreach (var group in optimizer.ParamGroups) group.LearningRate *= 0.5; // as a scheduler does
            }
        }

        Assert.True(fused.UsesKernel);
        Assert.InRange(right.DistanceTo(left), 0, 2e-6);
        Assert.InRange(exactRight.DistanceTo(exactLeft), 0, 1e-11);
    }

    private static optim.Optimizer Own(string kind, Parameter[] parameters) => kind switch
    {
        "adam" => optim.Adam(parameters, 0.01, eps: 1e-3),
        "adamw" => optim.AdamW(parameters, 0.01, eps: 1e-3, weight_decay: 0.1),
        "sgd" => optim.SGD(parameters, 0.01, momentum: 0.9, nesterov: true, weight_decay: 0.1),
        _ => optim.Adagrad(parameters, 0.05, eps: 1e-3),
    };

    private static double Distance(IEnumerable<Parameter> left, IEnumerable<Parameter> right)
    {
        using var scope = NewDisposeScope();
        return left.Zip(right).Average(pair => pair.First.to(ScalarType.Float64).sub(pair.Second.to(ScalarType.Float64)).pow(2).mean().sqrt().ToDouble());
    }

    private sealed class AddsGroup : TinyModel
    {
        private readonly Linear head = nn.Linear(2, 2);
        private Adam? _adam;

        public Linear Head => head;

        public List<double> Seen { get; } = [];

        public override Tensor forward(Tensor x) => head.call(base.forward(x));

        public override void OnTrainEpochStart()
        {
            if (Trainer.CurrentEpoch == 2) _adam!.add_param_group(new Adam.ParamGroup(head.parameters().ToArray(), lr: 0.01)); // made in ConfigureOptimizers
        }

        public override void OnBeforeOptimizerStep(LightningOptimizer optimizer)
        {
            if (Trainer.CurrentEpoch >= 2 && Trainer.BatchIndex == 1) Seen.Add(head.weight!.grad!.norm().ToDouble());
        }

        public override OptimizerSetup ConfigureOptimizers() => _adam = optim.Adam(Layer.parameters().ToArray(), 0.01);
    }

    private sealed class Unfreezes : TinyModel
    {
        public double First { get; private set; }

        public double Second { get; private set; }

        public double Third { get; private set; }

        private double Bias => Layer.bias![0].ToDouble(); // the layer has one

        public override void OnFitStart()
        {
            Layer.bias!.requires_grad = false;
            First = Bias;
        }

        public override void OnTrainEpochStart()
        {
            if (Trainer.CurrentEpoch != 2) return;
            Second = Bias;
            Layer.bias!.requires_grad = true;
        }

        public override void OnTrainBatchEnd(Tensor? loss, (Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (Trainer.CurrentEpoch == 2 && batchIndex == 0) Third = Bias;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray(), 0.01);
    }

    private sealed class Keeps : TinyModel
    {
        private optim.Optimizer? _kept;

        public override OptimizerSetup ConfigureOptimizers() => _kept ??= optim.Adam(parameters().ToArray(), 0.01);
    }
}
