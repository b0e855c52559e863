using LightningSharp.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Optimization;

public class ParameterGroupsTests
{
    [Fact]
    public void Biases_and_normalization_layers_are_freed_from_weight_decay()
    {
        var (linear, norm, conv) = (Linear(4, 3), LayerNorm(3), Conv1d(3, 2, 1, bias: false));
        using var model = Sequential(("linear", linear), ("norm", norm), ("conv", conv));

        var groups = ParameterGroups.WithoutDecayForBiasAndNorm<AdamW.ParamGroup>(model, 0.1);

        Assert.Equal([0.1, 0.0], groups.Select(group => group.Options.weight_decay));
        Assert.Equal([linear.weight!, conv.weight!], groups[0].Parameters);
        Assert.Equal([linear.bias!, norm.weight!, norm.bias!], groups[1].Parameters);
    }

    [Fact]
    public void What_the_groups_do_not_say_is_left_to_the_optimizer()
    {
        using var model = Linear(2, 2);

        using var optimizer = new AdamW(ParameterGroups.WithoutDecayForBiasAndNorm<AdamW.ParamGroup>(model, 0.1), lr: 0.007, beta1: 0.8);

        Assert.All(optimizer.ParamGroups, group => Assert.Equal((0.007, 0.8), (group.LearningRate, ((AdamW.ParamGroup)group).Betas.Item1)));
    }

    [Fact]
    public void A_module_that_is_a_layer_itself_is_sorted_too_and_empty_groups_are_left_out()
    {
        using var norm = BatchNorm1d(3);

        var groups = ParameterGroups.WithoutDecayForBiasAndNorm<SGD.ParamGroup>(norm, 0.1);

        Assert.Equal(0, Assert.Single(groups).Options.weight_decay);
    }

    [Fact]
    public void An_optimizer_without_weight_decay_is_refused()
    {
        using var model = Linear(2, 2);

        var error = Assert.Throws<ArgumentException>(() => ParameterGroups.WithoutDecayForBiasAndNorm<Rprop.ParamGroup>(model, 0.1));

        Assert.Contains("has no weight decay", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_learn_slower_the_nearer_they_are_to_the_input()
    {
        Module[] layers = [Linear(2, 2), ReLU(), Linear(2, 2)];

        var groups = ParameterGroups.LayerWise<AdamW.ParamGroup>(layers, 0.1, 0.5);

        Assert.Equal([0.025, 0.1], groups.Select(group => group.LearningRate));
    }

    [Theory]
    [InlineData(1, false, true, true)]
    [InlineData(-1, false, false, true)]
    [InlineData(0, true, true, true)]
    public void Freezing_to_a_layer_leaves_the_rest_to_learn(int count, bool first, bool second, bool third)
    {
        Linear[] layers = [Linear(2, 2), Linear(2, 2), Linear(2, 2)];

        ParameterGroups.FreezeTo(layers, count);

        Assert.Equal([first, second, third], layers.Select(layer => layer.weight!.requires_grad));
    }
}
