using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

public class StateDictLoaderTests
{
    [Fact]
    public void Weights_go_into_the_same_parameters_so_that_the_optimizer_keeps_working()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Linear(3, 2);
        var parameters = module.parameters().ToArray();
        var optimizer = optim.SGD(parameters, 0.1);

        var result = StateDictLoader.Load(module, new Dictionary<string, Tensor> { ["weight"] = full(2, 3, 5f), ["bias"] = zeros(2) });

        Assert.Equal(["weight", "bias"], result.Loaded);
        Assert.Equal(parameters, module.parameters());
        Assert.True(module.weight.requires_grad && module.weight.is_leaf);
        module.call(ones(1, 3)).sum().backward();
        optimizer.step();
        Assert.Equal(4.9f, module.weight[0, 0].item<float>(), 1e-6f); // one step of 0.1 along a gradient of 1
    }

    [Fact]
    public void All_problems_are_in_one_message_and_nothing_is_copied()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Sequential(("a", nn.Linear(3, 2)), ("b", nn.Linear(2, 2)));
        var before = PlainValues.Text(module.state_dict());
        var weights = new Dictionary<string, Tensor> { ["a.weight"] = ones(2, 3), ["a.bias"] = ones(1), ["b.weight"] = ones(2, 2, ScalarType.Float64), ["extra"] = ones(1) };

        var message = Assert.Throws<CheckpointException>(() => StateDictLoader.Load(module, weights)).Message;

        Assert.Contains("Missing in the file (1): 'b.bias'", message, StringComparison.Ordinal);
        Assert.Contains("Unexpected in the file (1): 'extra'", message, StringComparison.Ordinal);
        Assert.Contains("'a.bias': the file has the shape [1], expected [2]", message, StringComparison.Ordinal);
        Assert.Contains("'b.weight': the file has the type float64, expected float32", message, StringComparison.Ordinal);
        Assert.Equal(before, PlainValues.Text(module.state_dict()));
    }

    [Fact]
    public void Not_strict_loads_what_fits_and_lists_the_rest()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Linear(3, 2);
        var weights = new Dictionary<string, Tensor> { ["weight"] = ones(2, 3), ["bias"] = ones(5), ["head"] = ones(1) };
        var lenient = new StateDictLoadOptions { Strict = false };

        Assert.Throws<CheckpointException>(() => StateDictLoader.Load(module, weights, lenient));
        var result = StateDictLoader.Load(module, weights, lenient with { SkipMismatched = true });

        Assert.Equal(["weight"], result.Loaded);
        Assert.Equal(["head"], result.Unexpected);
        Assert.Single(result.Mismatched);
        Assert.Equal(6f, module.weight.sum().item<float>());
    }

    [Fact]
    public void Names_are_mapped_types_are_converted_on_request_and_a_prefix_is_pointed_out()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Linear(3, 2);
        var weights = new Dictionary<string, Tensor> { ["model.weight"] = ones(2, 3, ScalarType.BFloat16), ["model.bias"] = ones(2), ["loss.scale"] = ones(1) };

        var message = Assert.Throws<CheckpointException>(() => StateDictLoader.Load(module, weights)).Message;
        StateDictLoader.Load(module, weights, new StateDictLoadOptions { ConvertTypes = true, MapKey = key => key.StartsWith("model.", StringComparison.Ordinal) ? key[6..] : null });

        Assert.Contains("have the prefix 'model.'", message, StringComparison.Ordinal);
        Assert.Equal(6f, module.weight.sum().item<float>());
    }

    [Fact]
    public void Two_names_for_one_tensor_and_a_target_that_cannot_be_written_are_refused()
    {
        using var scope = NewDisposeScope();
        var target = new Dictionary<string, Tensor> { ["x"] = zeros(2), ["wide"] = zeros(1).expand(4) };
        var weights = new Dictionary<string, Tensor> { ["x1"] = ones(2), ["x2"] = ones(2), ["wide"] = ones(4) };

        var message = Assert.Throws<CheckpointException>(() => StateDictLoader.Load(target, weights, new StateDictLoadOptions { MapKey = key => key[0] == 'x' ? "x" : key })).Message;

        Assert.Contains("'x': several keys", message, StringComparison.Ordinal);
        Assert.Contains("'wide': the tensor of the module is expanded", message, StringComparison.Ordinal);
        Assert.Equal(0f, target["x"].sum().item<float>());
    }

    [Fact]
    public void A_checkpoint_file_goes_into_a_module_and_leaves_no_tensors_behind()
    {
        using var folder = new TestFolder();
        using var source = nn.Sequential(("conv", nn.Conv2d(1, 2, 3)), ("norm", nn.BatchNorm2d(2)));
        using var target = nn.Sequential(("conv", nn.Conv2d(1, 2, 3)), ("norm", nn.BatchNorm2d(2)));
        CheckpointFile.Write(folder["a.ckpt"], new Dictionary<string, object?> { ["state_dict"] = source.state_dict() });
        void Load()
        {
            using var checkpoint = CheckpointFile.Read(folder["a.ckpt"]);
            StateDictLoader.Load(target, checkpoint.StateDict());
        }

        Load();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 10; i++) Load();

        Assert.Equal(PlainValues.Text(source.state_dict()), PlainValues.Text(target.state_dict()));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_prefix_that_the_file_lacks_is_pointed_out_and_otherwise_the_way_to_be_lenient()
    {
        using var scope = NewDisposeScope();
        var target = new Dictionary<string, Tensor> { ["model.weight"] = zeros(2) };

        var prefix = Message(target, new() { ["weight"] = ones(2) });
        var other = Message(target, new() { ["bias"] = ones(2) });
        var missing = Message(target, []);
        var unexpected = Message(target, new() { ["model.weight"] = ones(2), ["bias"] = ones(2) });
        var mismatched = Message(target, new() { ["model.weight"] = ones(3) });

        Assert.Contains("lack the prefix 'model.': add it with MapKey", prefix, StringComparison.Ordinal);
        Assert.All([other, missing, unexpected], message => Assert.Contains("Strict to false to load what is on both sides", message, StringComparison.Ordinal));
        Assert.DoesNotContain("Strict to false", mismatched, StringComparison.Ordinal);
        Assert.DoesNotContain("Missing in the file", mismatched, StringComparison.Ordinal);
        Assert.DoesNotContain("Unexpected in the file", missing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, null)]
    [InlineData(13, "; and 1 more")]
    [InlineData(20, "; and 8 more")]
    public void Of_many_problems_twelve_are_listed(int count, string? more)
    {
        using var scope = NewDisposeScope();
        var target = Enumerable.Range(0, count).ToDictionary(i => $"t{i:00}", _ => zeros(1));

        var message = Message(target, []);

        Assert.Contains($"Missing in the file ({count}): 't00'", message, StringComparison.Ordinal);
        Assert.Contains("'t11'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("'t12'", message, StringComparison.Ordinal);
        if (more is null) Assert.DoesNotContain(" more", message, StringComparison.Ordinal);
        else Assert.Contains("'t11'" + more, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_complex_weight_becomes_no_real_one_and_a_disposed_one_nothing()
    {
        using var scope = NewDisposeScope();
        var gone = ones(2);
        gone.Dispose();
        var converting = new StateDictLoadOptions { ConvertTypes = true };
        var target = new Dictionary<string, Tensor> { ["x"] = zeros(2) };

        Assert.Contains("type complex64, which cannot become float32", Message(target, new() { ["x"] = zeros(2, ScalarType.ComplexFloat32) }, converting), StringComparison.Ordinal);
        Assert.Contains("the weight was disposed", Message(target, new() { ["x"] = gone }), StringComparison.Ordinal);
        Assert.Contains("the tensor of the module was disposed", Message(new() { ["x"] = gone }, new() { ["x"] = ones(2) }), StringComparison.Ordinal);
        StateDictLoader.Load(new Dictionary<string, Tensor> { ["x"] = zeros(2, ScalarType.ComplexFloat32) }, new Dictionary<string, Tensor> { ["x"] = ones(2) }, converting);
    }

    [Fact]
    public void Strict_means_strict_whatever_may_be_skipped_and_lenient_needs_nothing_to_fit()
    {
        using var scope = NewDisposeScope();
        var target = new Dictionary<string, Tensor> { ["x"] = zeros(2), ["y"] = zeros(2) };
        var weights = new Dictionary<string, Tensor> { ["x"] = ones(3), ["y"] = ones(2) };

        Assert.Throws<CheckpointException>(() => StateDictLoader.Load(target, weights, new StateDictLoadOptions { SkipMismatched = true }));
        var result = StateDictLoader.Load(target, new Dictionary<string, Tensor> { ["y"] = ones(2), ["z"] = ones(1) }, new StateDictLoadOptions { Strict = false });

        Assert.Equal("x|z|y", $"{Assert.Single(result.Missing)}|{Assert.Single(result.Unexpected)}|{Assert.Single(result.Loaded)}");
        Assert.Equal(2f, target["y"].sum().item<float>());
    }

    [Fact]
    public void A_target_of_one_element_with_stride_zero_can_be_written()
    {
        using var scope = NewDisposeScope();
        var target = new Dictionary<string, Tensor> { ["x"] = zeros(1).expand(1) };

        Assert.Equal(["x"], StateDictLoader.Load(target, new Dictionary<string, Tensor> { ["x"] = ones(1) }).Loaded);
    }

    private static string Message(Dictionary<string, Tensor> target, Dictionary<string, Tensor> weights, StateDictLoadOptions? options = null)
        => Assert.Throws<CheckpointException>(() => StateDictLoader.Load(target, weights, options)).Message;
}
