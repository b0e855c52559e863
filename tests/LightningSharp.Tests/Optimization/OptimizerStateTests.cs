using LightningSharp.Checkpointing;
using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using OptimizerState = LightningSharp.Optimization.OptimizerState;

namespace LightningSharp.Tests.Optimization;

public class OptimizerStateTests
{
    public static TheoryData<string> Kinds =>
    [
        "SGD", "SGD momentum", "SGD nesterov", "Adam", "Adam amsgrad", "AdamW", "AdamW amsgrad", "RMSProp", "RMSProp momentum centered", "Adagrad", "Adadelta",
        "Adamax", "NAdam", "RAdam", "ASGD", "Rprop",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_on_from_a_saved_state_equals_training_without_a_break_bit_for_bit(string kind)
    {
        var whole = Weights();
        var (wholeOptimizer, part) = (Build(kind, whole), Weights());
        Train(wholeOptimizer, whole, 0, 8);
        var partOptimizer = Build(kind, part);
        Train(partOptimizer, part, 0, 5);

        Parameter[] resumed = [.. part.Select(weight => new Parameter(weight.detach().clone()))];
        var resumedOptimizer = Build(kind, resumed);
        using (NewDisposeScope())
        {
            OptimizerState.Load(resumedOptimizer, OptimizerState.Save(partOptimizer));
        }

        Train(resumedOptimizer, resumed, 5, 8);

        Assert.All(whole.Zip(resumed), pair => Assert.Equal(pair.First.data<float>().ToArray(), pair.Second.data<float>().ToArray()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_state_loads_into_an_optimizer_that_has_been_used_and_replaces_all_of_it(string kind)
    {
        var weights = Weights();
        var fresh = Build(kind, weights);
        Train(fresh, weights, 0, 3);
        var used = Build(kind, Weights());
        Train(used, [.. used.parameters()], 3, 7);

        OptimizerState.Load(used, OptimizerState.Save(fresh));

        AssertSame(OptimizerState.Save(fresh), OptimizerState.Save(used));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_state_of_an_optimizer_that_made_no_step_resets_a_used_one(string kind)
    {
        var untouched = Build(kind, Weights());
        var weights = Weights();
        var used = Build(kind, weights);
        Train(used, weights, 0, 2);

        OptimizerState.Load(used, OptimizerState.Save(untouched));

        Parameter[] expected = Weights();
        Parameter[] actual = Weights();
        var reference = Build(kind, expected);
        var reset = Build(kind, actual);
        OptimizerState.Load(reset, OptimizerState.Save(used));
        Train(reference, expected, 0, 3);
        Train(reset, actual, 0, 3);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.data<float>().ToArray(), pair.Second.data<float>().ToArray()));
    }

    [Fact]
    public void The_layout_is_that_of_PyTorch()
    {
        var weights = Weights();
        var optimizer = new Adam([new Adam.ParamGroup([weights[0]], 0.01, 0.8, 0.99), new Adam.ParamGroup([weights[1]], 0.02, weight_decay: 0.01)]);
        var scheduler = new StepLR(optimizer, 1, 0.5);
        Train(optimizer, weights, 0, 2);
        scheduler.Step();

        var saved = OptimizerState.Save(optimizer, [scheduler]);

        // As conformance/ckpt/adam_steplr.ckpt has it.
        var state = Assert.IsAssignableFrom<IReadOnlyDictionary<long, object?>>(saved["state"]);
        var first = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(state[0]);
        Assert.Equal(["step", "exp_avg", "exp_avg_sq"], first.Keys);
        var step = Assert.IsType<Tensor>(first["step"]);
        Assert.Equal((0L, ScalarType.Float32, 2f), (step.dim(), step.dtype, step.item<float>()));
        var groups = Assert.IsAssignableFrom<IReadOnlyList<object?>>(saved["param_groups"]);
        var group = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(groups[0]);
        Assert.Equal(0.005, group["lr"]);
        Assert.Equal([0.8, 0.99], Assert.IsType<CheckpointTuple>(group["betas"]));
        Assert.Equal(0.01, group["initial_lr"]);
        Assert.Equal([0L], Assert.IsType<List<object?>>(group["params"]));
        Assert.Superset(
            new HashSet<string>(["lr", "betas", "eps", "weight_decay", "amsgrad", "maximize", "foreach", "capturable", "differentiable", "fused", "initial_lr", "params"]),
            group.Keys.ToHashSet());
        Assert.Equal([1L], Assert.IsType<List<object?>>(((IReadOnlyDictionary<string, object?>)groups[1]!)["params"]));
    }

    [Fact]
    public void Pairs_of_Rprop_are_tuples_as_in_PyTorch()
    {
        var saved = OptimizerState.Save(Build("Rprop", Weights()));

        var group = (IReadOnlyDictionary<string, object?>)((IReadOnlyList<object?>)saved["param_groups"]!)[0]!;

        Assert.Equal([0.5, 1.2], Assert.IsType<CheckpointTuple>(group["etas"]));
        Assert.Equal([1e-6, 50.0], Assert.IsType<CheckpointTuple>(group["step_sizes"]));
    }

    [Fact]
    public void A_parameter_without_steps_has_no_entry()
    {
        var weights = Weights();
        var optimizer = Build("Adam", weights);
        Train(optimizer, [weights[0]], 0, 2);

        var state = (IReadOnlyDictionary<long, object?>)OptimizerState.Save(optimizer)["state"]!;

        Assert.Equal([0L], state.Keys);
        Assert.Empty((IReadOnlyDictionary<long, object?>)OptimizerState.Save(Build("SGD", Weights()))["state"]!);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("untyped")]
    public void A_state_written_by_Python_is_read_however_its_keys_and_tuples_arrive(string keys)
    {
        var optimizer = Build("Adam", Weights());
        Dictionary<string, object?> Slots(long[] shape) => new() { ["step"] = tensor(7f), ["exp_avg"] = full(shape, 0.5), ["exp_avg_sq"] = full(shape, 0.25) };
        object state = keys == "text"
            ? new Dictionary<string, object?> { ["0"] = Slots([3, 2]), ["1"] = Slots([3]) }
            : new Dictionary<object, object?> { [0] = Slots([3, 2]), [1L] = Slots([3]) };
        var group = new Dictionary<string, object?>
        {
            ["lr"] = 0.0025, ["betas"] = new List<object?> { 0.8, 0.99 }, ["eps"] = 1e-8, ["weight_decay"] = 0L, ["amsgrad"] = false, ["maximize"] = false,
            ["foreach"] = null, ["capturable"] = false, ["differentiable"] = false, ["fused"] = false, ["initial_lr"] = 0.01, ["params"] = new List<object?> { 0L, 1L },
        };

        OptimizerState.Load(optimizer, new Dictionary<string, object?> { ["state"] = state, ["param_groups"] = new List<object?> { group } });

        var loaded = (Adam.State)((Adam)optimizer).state_dict().State[1];
        Assert.Equal((7L, 0.5f), (loaded.step, loaded.exp_avg[0].item<float>()));
        var controller = (Adam.ParamGroup)optimizer.ParamGroups.First();
        Assert.Equal((0.0025, 0.01, (0.8, 0.99)), (controller.LearningRate, controller.InitialLearningRate, controller.Betas));
    }

    [Fact]
    public void Everything_that_does_not_fit_is_reported_at_once_and_nothing_is_loaded()
    {
        var weights = Weights();
        var saved = Build("Adam", weights);
        Train(saved, weights, 0, 2);
        var data = Copy(OptimizerState.Save(saved));
        var state = (Dictionary<long, object?>)data["state"]!;
        ((Dictionary<string, object?>)state[0]!)["exp_avg"] = zeros(2, 3);
        ((Dictionary<string, object?>)state[0]!)["exp_avg_sq"] = zeros(3, 2, ScalarType.Float64);
        ((Dictionary<string, object?>)state[1]!).Remove("exp_avg");
        ((Dictionary<string, object?>)state[1]!)["surprise"] = zeros(3);
        ((Dictionary<string, object?>)((List<object?>)data["param_groups"]!)[0]!)["lr"] = 77.0;
        var target = Build("Adam", Weights());
        Train(target, [.. target.parameters()], 0, 1);
        var before = Copy(OptimizerState.Save(target));

        var error = Assert.Throws<CheckpointException>(() => OptimizerState.Load(target, data));

        Assert.Contains("parameter 0 has 'exp_avg' of shape [2, 3], expected [3, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("parameter 0 has 'exp_avg_sq' of type Float64, expected Float32", error.Message, StringComparison.Ordinal);
        Assert.Contains("parameter 1 has no 'exp_avg'", error.Message, StringComparison.Ordinal);
        Assert.Contains("parameter 1 has 'surprise', which Adam does not keep", error.Message, StringComparison.Ordinal);
        AssertSame(before, OptimizerState.Save(target));
    }

    [Fact]
    public void A_value_of_the_wrong_kind_in_the_middle_leaves_the_optimizer_as_it_was()
    {
        var weights = Weights();
        var saved = Build("Adam", weights);
        Train(saved, weights, 0, 2);
        var data = Copy(OptimizerState.Save(saved));
        ((Dictionary<string, object?>)((Dictionary<long, object?>)data["state"]!)[1]!)["step"] = "many";
        var target = Build("Adam", Weights());
        var before = Copy(OptimizerState.Save(target));

        Assert.Throws<CheckpointException>(() => OptimizerState.Load(target, data));

        AssertSame(before, OptimizerState.Save(target));
    }

    [Fact]
    public void Other_groups_and_parameters_are_refused_with_both_numbers()
    {
        var weights = Weights();
        var two = new SGD([new SGD.ParamGroup([weights[0]]), new SGD.ParamGroup([weights[1]])], 0.1);

        var groups = Assert.Throws<CheckpointException>(() => OptimizerState.Load(Build("SGD", Weights()), OptimizerState.Save(two)));
        var parameters = Assert.Throws<CheckpointException>(() => OptimizerState.Load(Build("SGD", [Weights()[0]]), OptimizerState.Save(Build("SGD", Weights()))));

        Assert.Contains("it holds 2 parameter groups, the optimizer has 1", groups.Message, StringComparison.Ordinal);
        Assert.Contains("parameter group 0 holds 2 parameters, the optimizer's has 1", parameters.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_of_another_kind_of_optimizer_is_refused_even_before_its_first_step()
    {
        var data = OptimizerState.Save(Build("Adam", Weights()));

        var error = Assert.Throws<CheckpointException>(() => OptimizerState.Load(Build("SGD momentum", Weights()), data));

        Assert.Contains("'betas', a setting that SGD has not", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_that_TorchSharp_has_not_is_refused_instead_of_ignored()
    {
        var data = Copy(OptimizerState.Save(Build("NAdam", Weights())));
        ((Dictionary<string, object?>)((List<object?>)data["param_groups"]!)[0]!)["decoupled_weight_decay"] = true;

        var error = Assert.Throws<CheckpointException>(() => OptimizerState.Load(Build("NAdam", Weights()), data));

        Assert.Contains("'decoupled_weight_decay' switched on, which TorchSharp's NAdam cannot do", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Switching_amsgrad_on_against_the_saved_setting_is_undone_by_the_saved_one()
    {
        var weights = Weights();
        var plain = Build("Adam", weights);
        Train(plain, weights, 0, 2);
        var target = Build("Adam amsgrad", Weights());

        OptimizerState.Load(target, OptimizerState.Save(plain));

        Assert.False(((Adam.ParamGroup)target.ParamGroups.First()).Options.amsgrad);
        Train(target, [.. target.parameters()], 0, 1);
    }

    [Fact]
    public void A_counter_beyond_what_float32_holds_is_kept_exactly()
    {
        var weights = Weights();
        var optimizer = (Adam)Build("Adam", weights);
        Train(optimizer, weights, 0, 1);
        ((Adam.State)optimizer.state_dict().State[0]).step = 16_777_217;
        var target = (Adam)Build("Adam", Weights());

        OptimizerState.Load(target, OptimizerState.Save(optimizer));

        Assert.Equal(16_777_217, ((Adam.State)target.state_dict().State[0]).step);
    }

    [Fact]
    public void Loading_again_and_again_leaves_no_tensors_behind()
    {
        var weights = Weights();
        var optimizer = Build("Adam amsgrad", weights);
        Train(optimizer, weights, 0, 2);
        var data = Copy(OptimizerState.Save(optimizer));
        var statistics = DisposeScopeManager.Statistics;
        OptimizerState.Load(optimizer, data);
        var before = statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 20; i++)
        {
            OptimizerState.Load(optimizer, data);
        }

        Assert.Equal(before, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void An_optimizer_built_before_the_model_was_moved_is_named_as_the_cause()
    {
        using var model = nn.Linear(2, 2);
        var optimizer = new Adam(model.parameters());
        _ = model.to(ScalarType.Float64);

        var error = Assert.Throws<CheckpointException>(() => OptimizerState.Save(optimizer));

        Assert.Contains("Build the optimizer after moving the model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LBFGS_keeps_its_learning_rate_and_says_what_is_lost()
    {
        using var optimizer = optim.LBFGS(Weights(), lr: 0.3);
        using var target = optim.LBFGS(Weights(), lr: 1);

        OptimizerState.Load(target, OptimizerState.Save(optimizer));

        Assert.Equal((0.3, 0.3), (target.ParamGroups.First().LearningRate, ((LBFGS)target).LearningRate));
        Assert.Contains("curvature history cannot be read", OptimizerState.LimitationOf(optimizer), StringComparison.Ordinal);
        Assert.Null(OptimizerState.LimitationOf(Build("SGD", Weights())));
    }

    [Fact]
    public void An_optimizer_that_keeps_its_own_state_is_asked_for_it()
    {
        var optimizer = new OwnState(Weights());

        OptimizerState.Load(optimizer, OptimizerState.Save(optimizer));

        Assert.Equal("own", optimizer.Loaded);
    }

    private static Parameter[] Weights()
    {
        using var generator = new Generator(5);
        return [new Parameter(randn([3, 2], generator: generator)), new Parameter(randn([3], generator: generator))];
    }

    private static optim.Optimizer Build(string kind, Parameter[] weights) => kind switch
    {
        "SGD" => new SGD(weights, 0.1),
        "SGD momentum" => new SGD(weights, 0.1, momentum: 0.9, dampening: 0.1),
        "SGD nesterov" => new SGD(weights, 0.1, momentum: 0.9, weight_decay: 0.01, nesterov: true),
        "Adam" => new Adam(weights, 0.05),
        "Adam amsgrad" => new Adam(weights, 0.05, amsgrad: true, weight_decay: 0.1),
        "AdamW" => new AdamW(weights, 0.05, weight_decay: 0.1),
        "AdamW amsgrad" => new AdamW(weights, 0.05, amsgrad: true),
        "RMSProp" => new RMSProp(weights, 0.01),
        "RMSProp momentum centered" => new RMSProp(weights, 0.01, momentum: 0.9, centered: true),
        "Adagrad" => new Adagrad(weights, 0.1, lr_decay: 0.01, initial_accumulator_value: 0.1),
        "Adadelta" => new Adadelta(weights, 1.0),
        "Adamax" => new Adamax(weights, 0.05),
        "NAdam" => new NAdam(weights, 0.05),
        "RAdam" => new RAdam(weights, 0.05),
        "ASGD" => new ASGD(weights, 0.05, t0: 3),
        _ => new Rprop(weights, 0.05),
    };

    /// <summary>Gradients that depend on the weights and the step.</summary>
    private static void Train(optim.Optimizer optimizer, Parameter[] weights, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = zeros(1);
            foreach (var weight in weights)
            {
                loss = loss + (weight - (0.3 * step)).pow(2).sum() + weight.sin().sum();
            }

            loss.backward();
            _ = optimizer.step();
        }
    }

    private static Dictionary<string, object?> Copy(IReadOnlyDictionary<string, object?> data) => (Dictionary<string, object?>)CopyOf(data)!;

    private static object? CopyOf(object? value) => value switch
    {
        Tensor tensor => tensor.clone(),
        IReadOnlyDictionary<string, object?> texts => texts.ToDictionary(entry => entry.Key, entry => CopyOf(entry.Value)),
        IReadOnlyDictionary<long, object?> numbers => numbers.ToDictionary(entry => entry.Key, entry => CopyOf(entry.Value)),
        CheckpointTuple tuple => new CheckpointTuple(tuple.Select(CopyOf)),
        List<object?> list => list.Select(CopyOf).ToList(),
        _ => value,
    };

    private static void AssertSame(object? expected, object? actual)
    {
        switch (expected)
        {
            case Tensor tensor:
                Assert.True(tensor.equal(Assert.IsType<Tensor>(actual, exactMatch: false)).all().item<bool>());
                break;
            case IReadOnlyDictionary<string, object?> texts:
                var otherTexts = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(actual);
                Assert.Equal(texts.Keys, otherTexts.Keys);
                Assert.All(texts, entry => AssertSame(entry.Value, otherTexts[entry.Key]));
                break;
            case IReadOnlyDictionary<long, object?> numbers:
                var otherNumbers = Assert.IsAssignableFrom<IReadOnlyDictionary<long, object?>>(actual);
                Assert.Equal(numbers.Keys, otherNumbers.Keys);
                Assert.All(numbers, entry => AssertSame(entry.Value, otherNumbers[entry.Key]));
                break;
            case IReadOnlyList<object?> list:
                var otherList = Assert.IsAssignableFrom<IReadOnlyList<object?>>(actual);
                Assert.Equal(list.Count, otherList.Count);
                Assert.All(list.Zip(otherList), pair => AssertSame(pair.First, pair.Second));
                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }

    private sealed class OwnState(Parameter[] weights) : SGD(weights, 0.1), IStateful
    {
        public string? Loaded { get; private set; }

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["state"] = "own" };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => Loaded = state["state"] as string;
    }
}
