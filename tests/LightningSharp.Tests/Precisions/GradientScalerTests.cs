using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Precisions;

public class GradientScalerTests
{
    [Fact]
    public void A_scaled_backward_pass_and_a_step_equal_an_unscaled_one()
    {
        using Parameter a = new(tensor(3f)), b = new(tensor(3f));
        using optim.Optimizer plain = new FusedSGD([a], 0.1), scaled = new FusedSGD([b], 0.1);
        using var scaler = new GradientScaler(CPU, 1024);

        using (NewDisposeScope())
        {
            a.mul(a).backward();
            plain.step();
            scaler.ScaleLoss(b.mul(b)).backward();
            Assert.Equal(6f * 1024, b.grad!.ToSingle());
            scaler.Unscale(scaled);
            scaler.Unscale(scaled); // once is enough
            Assert.Equal(6f, b.grad!.ToSingle());
            Assert.True(scaler.Step(scaled));
        }

        Assert.Equal(a.ToSingle(), b.ToSingle());
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void A_gradient_that_is_not_finite_leaves_the_step_out_and_halves_the_scale(float bad)
    {
        using Parameter a = new(tensor(3f)), b = new(ones(4));
        using var optimizer = new FusedAdam([a, b]);
        using var scaler = new GradientScaler(CPU, 1024);
        a.grad = tensor(1f);
        b.grad = tensor([0f, bad, 0f, 0f]);

        var stepped = scaler.Step(optimizer);

        Assert.False(stepped);
        Assert.Equal((3f, 512.0, 1L), (a.ToSingle(), scaler.Scale, scaler.SkippedSteps));
        a.grad = tensor(1f);
        b.grad = zeros(4);
        Assert.True(scaler.Step(optimizer));
    }

    [Fact]
    public void The_scale_grows_after_as_many_good_steps_as_the_interval_says()
    {
        using var parameter = new Parameter(tensor(3f));
        using var optimizer = new FusedSGD([parameter]);
        using var scaler = new GradientScaler(CPU, 8);
        scaler.LoadStateDict(new Dictionary<string, object?> { ["growth_interval"] = 3L });

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(8, scaler.Scale);
            parameter.grad = tensor(1f);
            scaler.Step(optimizer);
        }

        Assert.Equal(16, scaler.Scale);
    }

    [Fact]
    public void State_has_PyTorchs_names_and_goes_on_where_it_stood()
    {
        using var parameter = new Parameter(tensor(3f));
        using var optimizer = new FusedSGD([parameter]);
        using GradientScaler first = new(CPU, 64), second = new(CPU);
        parameter.grad = tensor(float.NaN);
        first.Step(optimizer);
        parameter.grad = tensor(1f);
        first.Step(optimizer);

        second.LoadStateDict(first.StateDict());

        Assert.Equal(["scale", "growth_factor", "backoff_factor", "growth_interval", "_growth_tracker", "skipped_steps"], second.StateDict().Keys);
        Assert.Equal(first.StateDict(), second.StateDict());
        Assert.Equal((32.0, 1L), (second.Scale, (long)second.StateDict()["_growth_tracker"]!));
    }

    [Fact]
    public void Two_optimizers_after_one_backward_pass_share_its_scale_and_count_as_one()
    {
        using Parameter a = new(tensor(3f)), b = new(tensor(3f));
        using optim.Optimizer first = new FusedSGD([a], 0.1), second = new FusedSGD([b], 0.1);
        using var scaler = new GradientScaler(CPU, 1024);
        scaler.ScaleLoss(b.mul(b)).backward();
        a.grad = tensor(float.PositiveInfinity);

        Assert.False(scaler.Step(first));
        Assert.Equal(512, scaler.Scale); // looked at in between, as a callback may
        scaler.Unscale(second);

        Assert.Equal(6f, b.grad!.ToSingle()); // divided by the scale it was multiplied with
        Assert.True(scaler.Step(second));
        Assert.Equal(1, scaler.SkippedSteps);
    }

    [Fact]
    public void Gradients_whose_step_was_left_out_do_not_pass_for_the_next_ones()
    {
        using var parameter = new Parameter(tensor(3f));
        using var optimizer = new FusedSGD([parameter], 0.1);
        using var scaler = new GradientScaler(CPU, 1024);
        parameter.grad = tensor(1024f);
        scaler.Unscale(optimizer);

        scaler.Discard(optimizer);
        parameter.grad = tensor(2048f);
        scaler.Unscale(optimizer);

        Assert.Equal(2f, parameter.grad.ToSingle());
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_by_name()
    {
        Assert.Equal("initialScale", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientScaler(CPU, 0)).ParamName);
        Assert.Equal("growthFactor", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientScaler(CPU, growthFactor: 1)).ParamName);
        Assert.Equal("backoffFactor", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientScaler(CPU, backoffFactor: 1)).ParamName);
        Assert.Equal("growthInterval", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientScaler(CPU, growthInterval: 0)).ParamName);
    }

    [Fact]
    public void Repeated_steps_leak_no_tensor()
    {
        using var parameter = new Parameter(tensor(3f));
        using var optimizer = new FusedSGD([parameter]);
        using var scaler = new GradientScaler(CPU, 64);
        parameter.grad = tensor(1f);
        scaler.Step(optimizer);
        var before = Tensor.TotalCount;

        for (var i = 0; i < 500; i++) scaler.Step(optimizer);

        Assert.InRange(Tensor.TotalCount, 0, before); // fewer when a collection frees what earlier tests left
    }
}
