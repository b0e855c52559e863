using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

public class GradientClipTests
{
    [Theory]
    [InlineData(GradientClipAlgorithm.Norm, 0.01, true)]
    [InlineData(GradientClipAlgorithm.Value, 0.01, true)]
    [InlineData(GradientClipAlgorithm.Norm, 1000.0, false)]
    [InlineData(GradientClipAlgorithm.Norm, null, false)]
    public void The_options_limit_the_norm_or_each_value(GradientClipAlgorithm algorithm, double? limit, bool isClipped)
    {
        var (norm, largest) = Gradients(Quiet.Options with { GradientClipVal = limit, GradientClipAlgorithm = algorithm });
        var (free, _) = Gradients(Quiet.Options);

        if (!isClipped) Assert.Equal(free, norm);
        else if (algorithm == GradientClipAlgorithm.Norm) Assert.Equal(0.01, norm, 5);
        else Assert.Equal((0.01, true), (Math.Round(largest, 7), norm > 0.011)); // several values at the limit
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    public void A_limit_of_nothing_clips_nothing(double limit)
    {
        var (norm, _) = Gradients(Quiet.Options, (model, optimizer) => model.ClipGradients(optimizer, limit));

        Assert.Equal(Gradients(Quiet.Options).Norm, norm);
    }

    [Fact]
    public void A_module_may_clip_by_itself_with_either_algorithm()
    {
        var byNorm = Gradients(Quiet.Options, (model, optimizer) => model.ClipGradients(optimizer, 0.01));
        var byValue = Gradients(Quiet.Options, (model, optimizer) => model.ClipGradients(optimizer, 0.01, GradientClipAlgorithm.Value));

        Assert.Equal(0.01, byNorm.Norm, 5);
        Assert.Equal(0.01, byValue.Largest, 7);
        Assert.True(byValue.Norm > byNorm.Norm);
    }

    [Theory]
    [InlineData(0.5, null, true)] // what the options say
    [InlineData(0.5, GradientClipAlgorithm.Norm, true)]
    [InlineData(0.4, null, false)]
    [InlineData(0.5, GradientClipAlgorithm.Value, false)]
    [InlineData(null, GradientClipAlgorithm.Value, false)]
    public void A_limit_or_an_algorithm_other_than_that_of_the_options_is_refused(double? limit, GradientClipAlgorithm? algorithm, bool isAllowed)
    {
        var error = Record.Exception(() => Gradients(Quiet.Options with { GradientClipVal = 0.5 }, (model, optimizer) => model.ClipGradients(optimizer, limit, algorithm)));

        if (isAllowed) Assert.Null(error);
        else Assert.Contains("but the Trainer has GradientClipVal = 0.5 (Norm). Use one of the two.", Assert.IsType<MisconfigurationException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_algorithm_that_there_is_not_is_refused_with_its_number()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Gradients(Quiet.Options, (model, optimizer) => model.ClipGradients(optimizer, 0.5, (GradientClipAlgorithm)7)));

        Assert.Contains("algorithm 7: expected Norm or Value", error.Message, StringComparison.Ordinal);
    }

    private static (double Norm, double Largest) Gradients(TrainerOptions options, Action<Clips, LightningOptimizer>? clip = null)
    {
        using var model = new Clips(clip);
        new Trainer(options).Fit(model, ToyData.Batches(4, 4));
        return model.Seen;
    }

    private sealed class Clips(Action<Clips, LightningOptimizer>? clip) : TinyModel
    {
        public (double Norm, double Largest) Seen { get; private set; }

        public override void ConfigureGradientClipping(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm)
        {
            if (clip is null) base.ConfigureGradientClipping(optimizer, clipVal, algorithm);
            else clip(this, optimizer);
            var all = cat([.. optimizer.Parameters.Select(parameter => parameter.grad!.flatten())]);
            Seen = (all.norm().ToDouble(), all.abs().max().ToDouble());
        }
    }
}
