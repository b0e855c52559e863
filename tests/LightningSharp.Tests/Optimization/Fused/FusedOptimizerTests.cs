using LightningSharp.Checkpointing;
using LightningSharp.Optimization;
using LightningSharp.Tests.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization.Fused;

public class FusedOptimizerTests
{
    public static TheoryData<string> Optimizers() => [.. Pairs.Keys];

    // name -> (TorchSharp's own, ours with the kernel, ours with ordinary operations)
    private static readonly Dictionary<string, (Func<Parameter[], optim.Optimizer> Theirs, Func<Parameter[], bool, FusedOptimizer> Ours)> Pairs = new()
    {
        ["Adam"] = (p => optim.Adam(p, lr: 0.01), (p, k) => Adam(p, k)),
        ["Adam with L2"] = (p => optim.Adam(p, lr: 0.01, weight_decay: 0.1), (p, k) => Adam(p, k, decay: 0.1)),
        ["Adam amsgrad"] = (p => optim.Adam(p, lr: 0.01, amsgrad: true), (p, k) => Adam(p, k, amsgrad: true)),
        ["Adam maximize"] = (p => optim.Adam(p, lr: 0.01, weight_decay: 0.1, maximize: true), (p, k) => Adam(p, k, decay: 0.1, maximize: true)),
        ["AdamW"] = (p => optim.AdamW(p, lr: 0.01, weight_decay: 0.1), (p, k) => AdamW(p, k)),
        ["AdamW amsgrad"] = (p => optim.AdamW(p, lr: 0.01, weight_decay: 0.1, amsgrad: true), (p, k) => AdamW(p, k, amsgrad: true)),
        ["AdamW maximize"] = (p => optim.AdamW(p, lr: 0.01, weight_decay: 0.1, maximize: true), (p, k) => AdamW(p, k, maximize: true)),
        ["SGD"] = (p => optim.SGD(p, 0.01), (p, k) => Sgd(p, k)),
        ["SGD with L2"] = (p => optim.SGD(p, 0.01, weight_decay: 0.1), (p, k) => Sgd(p, k, decay: 0.1)),
        ["SGD maximize"] = (p => optim.SGD(p, 0.01, momentum: 0.9, maximize: true), (p, k) => Sgd(p, k, 0.9, maximize: true)),
        ["SGD momentum"] = (p => optim.SGD(p, 0.01, momentum: 0.9, dampening: 0.2), (p, k) => Sgd(p, k, 0.9, dampening: 0.2)),
        ["SGD nesterov"] = (p => optim.SGD(p, 0.01, momentum: 0.9, nesterov: true, weight_decay: 0.1), (p, k) => Sgd(p, k, 0.9, nesterov: true, decay: 0.1)),
        ["Adagrad"] = (p => optim.Adagrad(p, 0.05), (p, k) => Adagrad(p, k)),
        ["Adagrad decays"] = (p => optim.Adagrad(p, 0.05, lr_decay: 0.1, weight_decay: 0.1, initial_accumulator_value: 0.5), (p, k) => Adagrad(p, k, 0.1, 0.1, 0.5)),
    };

    private static FusedAdam Adam(Parameter[] p, bool kernel, double decay = 0, bool amsgrad = false, bool maximize = false)
        => new([new Adam.ParamGroup { Parameters = p }], 0.01, 0.9, 0.999, 1e-8, decay, amsgrad, maximize, kernel);

    private static FusedAdamW AdamW(Parameter[] p, bool kernel, bool amsgrad = false, bool maximize = false)
        => new([new AdamW.ParamGroup { Parameters = p }], 0.01, 0.9, 0.999, 1e-8, 0.1, amsgrad, maximize, kernel);

    private static FusedSGD Sgd(Parameter[] p, bool kernel, double momentum = 0, double dampening = 0, double decay = 0, bool nesterov = false, bool maximize = false)
        => new([new SGD.ParamGroup { Parameters = p }], 0.01, momentum, dampening, decay, nesterov, maximize, kernel);

    private static FusedAdagrad Adagrad(Parameter[] p, bool kernel, double lrDecay = 0, double decay = 0, double start = 0)
        => new([new Adagrad.ParamGroup { Parameters = p }], 0.05, lrDecay, decay, start, 1e-10, kernel);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Forty_steps_equal_TorchSharps_own_optimizer(string name)
    {
        using TinyProblem theirs = new(), kernel = new(), plain = new();
        using var reference = Pairs[name].Theirs(theirs.Parameters);
        using var fused = Pairs[name].Ours(kernel.Parameters, true);
        using var ordinary = Pairs[name].Ours(plain.Parameters, false);

        for (var step = 0; step < 40; step++)
        {
            foreach (var problem in (TinyProblem[])[theirs, kernel, plain]) problem.NextGradients();
            reference.step();
            fused.step();
            ordinary.step();
        }

        Assert.True(fused.UsesKernel);
        Assert.False(ordinary.UsesKernel);
        Assert.InRange(kernel.DistanceTo(theirs), 0, 1e-6); // rounding of single precision over 40 steps of values near 1
        Assert.Equal(0, plain.DistanceTo(theirs)); // the same operations in the same order
        if (name is "SGD" or "SGD with L2") Assert.Equal(0, kernel.DistanceTo(theirs)); // promised: without momentum every bit is equal
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void In_double_precision_the_mathematics_is_the_same_to_the_last_digits(string name)
    {
        using TinyProblem theirs = new(dtype: ScalarType.Float64), kernel = new(dtype: ScalarType.Float64);
        using var reference = Pairs[name].Theirs(theirs.Parameters);
        using var fused = Pairs[name].Ours(kernel.Parameters, true);

        for (var step = 0; step < 40; step++)
        {
            theirs.NextGradients();
            kernel.NextGradients();
            reference.step();
            fused.step();
        }

        Assert.True(fused.UsesKernel);
        Assert.InRange(kernel.DistanceTo(theirs), 0, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_parameter_without_gradient_is_skipped_and_keeps_its_own_step_count(string name)
    {
        using TinyProblem theirs = new(), kernel = new();
        using var reference = Pairs[name].Theirs(theirs.Parameters);
        using var fused = Pairs[name].Ours(kernel.Parameters, true);

        for (var step = 0; step < 30; step++)
        {
            var current = step;
            bool Has(int i) => (current + i) % (i + 1) == 0; // the first always, the others ever more rarely
            theirs.NextGradients(Has);
            kernel.NextGradients(Has);
            reference.step();
            fused.step();
        }

        Assert.InRange(kernel.DistanceTo(theirs), 0, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Saved_state_continues_exactly_in_a_new_optimizer(string name)
    {
        using TinyProblem first = new(), second = new();
        using var trained = Pairs[name].Ours(first.Parameters, true);
        for (var step = 0; step < 5; step++)
        {
            first.NextGradients();
            second.NextGradients();
            trained.step();
        }

        using var restored = Pairs[name].Ours(second.Parameters, true);
        using (no_grad())
        {
            foreach (var (from, to) in first.Parameters.Zip(second.Parameters)) to.copy_(from);
        }

        restored.LoadStateDict(trained.StateDict());
        for (var step = 0; step < 5; step++)
        {
            first.NextGradients();
            second.NextGradients();
            trained.step();
            restored.step();
        }

        Assert.Equal(0, first.DistanceTo(second));
    }

    [Fact]
    public void The_state_has_the_form_of_PyTorchs_state_dict()
    {
        using TinyProblem problem = new();
        using var optimizer = new FusedAdamW(problem.Parameters, lr: 0.1);
        problem.NextGradients(i => i != 2);
        optimizer.step();

        var state = optimizer.StateDict();

        var entries = Assert.IsType<Dictionary<long, object?>>(state["state"]);
        Assert.Equal([0L, 1L, 3L], entries.Keys);
        var entry = Assert.IsType<Dictionary<string, object?>>(entries[1]);
        Assert.Equal(["step", "exp_avg", "exp_avg_sq"], entry.Keys);
        var step = Assert.IsAssignableFrom<Tensor>(entry["step"]);
        Assert.Equal((ScalarType.Float32, 0L, 1f), (step.dtype, step.dim(), step.ToSingle()));
        Assert.Equal([3, 5], Assert.IsAssignableFrom<Tensor>(entry["exp_avg"]).shape);
        var group = Assert.IsType<Dictionary<string, object?>>(Assert.Single(Assert.IsType<List<object?>>(state["param_groups"])));
        Assert.Equal([0L, 1L, 2L, 3L], Assert.IsType<List<object?>>(group["params"]));
        Assert.Equal([0.9, 0.999], Assert.IsType<CheckpointTuple>(group["betas"]));
        Assert.Equal((0.1, 0.01, 1e-8), ((double)group["lr"]!, (double)group["weight_decay"]!, (double)group["eps"]!));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void State_travels_to_TorchSharps_own_optimizer_and_back(string name)
    {
        using TinyProblem theirs = new(), ours = new();
        using var reference = Pairs[name].Theirs(theirs.Parameters);
        using var fused = Pairs[name].Ours(ours.Parameters, true);
        void Steps(optim.Optimizer first, optim.Optimizer second)
        {
            for (var step = 0; step < 5; step++)
            {
                theirs.NextGradients();
                ours.NextGradients();
                first.step();
                second.step();
            }
        }

        Steps(reference, fused);
        using var newReference = Pairs[name].Theirs(theirs.Parameters);
        using var newFused = Pairs[name].Ours(ours.Parameters, true);
        LightningSharp.Optimization.OptimizerState.Load(newReference, LightningSharp.Optimization.OptimizerState.Save(fused));
        LightningSharp.Optimization.OptimizerState.Load(newFused, LightningSharp.Optimization.OptimizerState.Save(reference));
        Steps(newReference, newFused);

        Assert.InRange(ours.DistanceTo(theirs), 0, 1e-6);
    }

    [Fact]
    public void State_of_other_shapes_is_refused_and_changes_nothing()
    {
        using TinyProblem problem = new(), other = new(1, ScalarType.Float32, [7], [3, 5], [2, 3, 4, 4], [2]);
        using var source = new FusedAdam(other.Parameters);
        using var target = new FusedAdam(problem.Parameters);
        other.NextGradients();
        source.step();

        var exception = Assert.Throws<CheckpointException>(() => target.LoadStateDict(source.StateDict()));

        Assert.Contains("parameter 3 has shape [2], the parameter has [1]", exception.Message, StringComparison.Ordinal);
        Assert.Empty((Dictionary<long, object?>)target.StateDict()["state"]!);
    }

    [Fact]
    public void State_of_another_kind_of_optimizer_is_refused_and_changes_nothing()
    {
        using TinyProblem problem = new(), other = new();
        using var source = new FusedSGD(other.Parameters, lr: 0.5, momentum: 0.9);
        using var target = new FusedAdam(problem.Parameters, lr: 0.001);
        other.NextGradients();
        source.step();

        var forward = Assert.Throws<CheckpointException>(() => target.LoadStateDict(source.StateDict()));
        var back = Assert.Throws<CheckpointException>(() => source.LoadStateDict(target.StateDict()));

        Assert.Contains("does not fit this Adam", forward.Message, StringComparison.Ordinal);
        Assert.Contains("'momentum', a setting that Adam has not", forward.Message, StringComparison.Ordinal);
        Assert.Contains("Optimizers = false", forward.Message, StringComparison.Ordinal);
        Assert.Contains("'betas', a setting that SGD has not", back.Message, StringComparison.Ordinal);
        Assert.Equal(0.001, target.ParamGroups.First().LearningRate);
    }

    [Fact]
    public void State_with_another_number_of_parameters_is_refused()
    {
        using TinyProblem problem = new(), other = new(1, ScalarType.Float32, [7], [3, 5]);
        using var source = new FusedAdam(other.Parameters);
        using var target = new FusedAdam(problem.Parameters);

        var exception = Assert.Throws<CheckpointException>(() => target.LoadStateDict(source.StateDict()));

        Assert.Contains("has 4 parameters, the saved state has 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adam_follows_the_formula_of_the_paper()
    {
        using var parameter = new Parameter(tensor([0.5, -1.0], float64));
        using var optimizer = new FusedAdam([parameter], lr: 0.1, beta1: 0.8, beta2: 0.95, eps: 1e-6);
        double[] x = [0.5, -1.0], m = [0, 0], v = [0, 0];

        for (var step = 1; step <= 25; step++)
        {
            using var scope = NewDisposeScope();
            double[] g = [Math.Sin(step), step * 0.1];
            parameter.grad = tensor(g, float64);
            optimizer.step();
            for (var i = 0; i < 2; i++)
            {
                m[i] = (0.8 * m[i]) + (0.2 * g[i]);
                v[i] = (0.95 * v[i]) + (0.05 * g[i] * g[i]);
                x[i] -= 0.1 * (m[i] / (1 - Math.Pow(0.8, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, step))) + 1e-6);
            }
        }

        Assert.Equal(x[0], parameter.data<double>()[0], 1e-12);
        Assert.Equal(x[1], parameter.data<double>()[1], 1e-12);
    }

    [Fact]
    public void Groups_have_their_own_rates_and_a_scheduler_steers_them()
    {
        using TinyProblem theirs = new(), ours = new();
        AdamW.ParamGroup[] Groups(Parameter[] p) => [new(p[..2], lr: 0.1), new(p[2..], lr: 0.001, weight_decay: 0.5)];
        using var reference = optim.AdamW(Groups(theirs.Parameters));
        using var fused = new FusedAdamW(Groups(ours.Parameters));
        var left = optim.lr_scheduler.StepLR(reference, 3, 0.5);
        var right = optim.lr_scheduler.StepLR(fused, 3, 0.5);

        for (var step = 0; step < 20; step++)
        {
            theirs.NextGradients();
            ours.NextGradients();
            reference.step();
            fused.step();
            left.step();
            right.step();
        }

        Assert.Equal(reference.ParamGroups.Select(group => group.LearningRate), fused.ParamGroups.Select(group => group.LearningRate));
        Assert.InRange(ours.DistanceTo(theirs), 0, 1e-6);
    }

    [Fact]
    public void OneCycle_drives_betas_and_momentum()
    {
        using TinyProblem one = new(), two = new();
        using var adam = new FusedAdam(one.Parameters);
        using var sgd = new FusedSGD(two.Parameters, momentum: 0.9);

        optim.lr_scheduler.OneCycleLR(adam, 0.1, total_steps: 10);
        optim.lr_scheduler.OneCycleLR(sgd, 0.1, total_steps: 10);

        Assert.All(adam.ParamGroups, group => Assert.Equal(0.95, ((optim.IBetas)group).Betas.Item1, 1e-9));
        Assert.All(sgd.ParamGroups, group => Assert.Equal(0.95, ((optim.IMomentum)group).Momentum, 1e-9));
    }

    [Fact]
    public void Zero_grad_writes_zeros_and_ZeroGrad_frees()
    {
        using TinyProblem problem = new();
        using var optimizer = new FusedSGD(problem.Parameters);
        problem.NextGradients(i => i != 1);

        optimizer.zero_grad();

        Assert.Null(problem.Parameters[1].grad);
        Assert.All((int[])[0, 2, 3], i => Assert.Equal(0f, problem.Parameters[i].grad!.abs().sum().ToSingle()));
        optimizer.ZeroGrad(setToNone: true);
        Assert.All(problem.Parameters, parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void A_parameter_in_two_groups_is_refused()
    {
        using TinyProblem problem = new();
        using var optimizer = new FusedAdam(problem.Parameters);

        var exception = Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new Adam.ParamGroup([problem.Parameters[1]])));

        Assert.Contains("appears twice", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_gradients_go_to_SGD_alone()
    {
        using var layer = nn.Embedding(5, 3, sparse: true);
        using var twin = nn.Embedding(5, 3, sparse: true);
        twin.load_state_dict(layer.state_dict());
        using var sgd = new FusedSGD(layer.parameters(), 0.1, momentum: 0.9);
        using var reference = optim.SGD(twin.parameters(), 0.1, momentum: 0.9);
        using var adam = new FusedAdam(layer.parameters());
        using var scope = NewDisposeScope();
        layer.call(tensor([1L, 3L])).sum().backward();
        twin.call(tensor([1L, 3L])).sum().backward();

        var exception = Assert.Throws<MisconfigurationException>(() => adam.step());
        sgd.step();
        reference.step();

        Assert.Contains("sparse: false", exception.Message, StringComparison.Ordinal);
        Assert.True(layer.weight!.allclose(twin.weight!));
    }

    [Fact]
    public void After_moving_the_module_the_error_says_what_to_do()
    {
        using var module = nn.Linear(3, 2);
        using var optimizer = new FusedAdam(module.parameters());
        module.to(ScalarType.Float64);

        var exception = Assert.Throws<InvalidOperationException>(() => optimizer.step());

        Assert.Contains("build the optimizer after", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_follows_a_parameter_to_another_memory_layout()
    {
        using TinyProblem moved = new(1, ScalarType.Float32, [6, 3, 4, 4]), still = new(1, ScalarType.Float32, [6, 3, 4, 4]);
        using var first = new FusedAdam(moved.Parameters);
        using var second = new FusedAdam(still.Parameters);

        for (var step = 0; step < 6; step++)
        {
            moved.NextGradients();
            still.NextGradients();
            if (step == 3) ToChannelsLast(moved.Parameters[0]); // now the gradient lies otherwise than the parameter, too
            first.step();
            second.step();
        }

        Assert.Equal([48L, 1, 12, 3], moved.Parameters[0].stride());
        Assert.Equal(0, moved.DistanceTo(still));

        static void ToChannelsLast(Parameter parameter)
        {
            using var mode = no_grad();
            using var scope = NewDisposeScope();
            parameter.set_(parameter.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        }
    }

    [Fact]
    public void A_closure_is_evaluated_with_gradients_and_its_loss_returned()
    {
        using var parameter = new Parameter(tensor(2f));
        using var optimizer = new FusedSGD([parameter], lr: 0.25);

        using var loss = optimizer.step(() =>
        {
            var value = parameter.mul(parameter);
            value.backward();
            return value;
        });

        Assert.Equal(4f, loss.ToSingle());
        Assert.Equal(1f, parameter.ToSingle());
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Short_floats_have_a_kernel_too(ScalarType dtype)
    {
        using TinyProblem ours = new(dtype: dtype), exact = new();
        using var fused = new FusedAdam(ours.Parameters, lr: 0.01);
        using var reference = new FusedAdam(exact.Parameters, lr: 0.01);

        for (var step = 0; step < 10; step++)
        {
            ours.NextGradients();
            exact.NextGradients();
            fused.step();
            reference.step();
        }

        Assert.True(fused.UsesKernel);
        Assert.InRange(ours.DistanceTo(exact), 0, 0.09); // bfloat16 has eight bits: eleven roundings of at most 0.008 for values up to 4
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_step_gives_back_every_handle(string name)
    {
        using TinyProblem problem = new();
        using var optimizer = Pairs[name].Ours(problem.Parameters, true);
        problem.NextGradients();
        optimizer.step();
        var gradients = problem.Parameters.Select(parameter => parameter.grad!).ToArray();
        var state = ((Dictionary<long, object?>)optimizer.StateDict()["state"]!).Values
            .SelectMany(entry => ((Dictionary<string, object?>)entry!).Values.OfType<Tensor>()).ToArray();
        Tensor[] all = [.. problem.Parameters, .. gradients, .. state];
        var before = all.Select(NativeReferences.Of).ToArray();

        for (var i = 0; i < 20; i++)
        {
            optimizer.step();
            optimizer.zero_grad();
        }

        Assert.Equal(before, all.Select(NativeReferences.Of));
        foreach (var gradient in gradients) gradient.Dispose();
    }

    [Fact]
    public void Thousands_of_steps_leave_no_tensor_and_no_memory_behind()
    {
        using TinyProblem problem = new(1, ScalarType.Float32, [.. Enumerable.Repeat((long[])[256], 50)]);
        using var optimizer = new FusedAdamW(problem.Parameters);
        problem.NextGradients();
        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                optimizer.step();
                optimizer.zero_grad();
                using var norm = Gradients.ClipNorm(problem.Parameters, 1.0);
            }
        }

        Steps(4000);
        GC.Collect();
        var (tensors, memory) = (Tensor.TotalCount, Environment.WorkingSet);
        Steps(4000);
        GC.Collect();

        Assert.InRange(Tensor.TotalCount, 0, tensors); // fewer when a collection frees what earlier tests left

        // One leaked handle per parameter and step would be 4000 × 50 × 5 × 16 bytes = 16 MB and more.
        Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 8 << 20);
    }
}
