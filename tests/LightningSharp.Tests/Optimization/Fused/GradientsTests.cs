using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization.Fused;

public class GradientsTests
{
    private static readonly long[][] Shapes = [[7], [3, 5], [2, 3, 4, 4], [1], [300_000], [0]]; // one large, one empty

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(1e9, 2)]
    [InlineData(0.5, 1)]
    [InlineData(0.5, 3)]
    [InlineData(0.5, float.PositiveInfinity)]
    public void Clipping_by_norm_equals_TorchSharps(double maxNorm, float order)
    {
        using TinyProblem theirs = new(shapes: Shapes), ours = new(shapes: Shapes);
        bool Has(int i) => i != 1 && !(i == 5 && float.IsInfinity(order)); // libtorch has no largest element of nothing
        theirs.NextGradients(Has);
        ours.NextGradients(Has);

        var expected = nn.utils.clip_grad_norm_(theirs.Parameters, maxNorm, order);
        using var norm = Gradients.ClipNorm(ours.Parameters, maxNorm, order);

        Assert.Equal(0, norm.dim());
        Assert.Equal(expected, norm.ToSingle(), expected * 1e-5);
        Assert.Equal(expected, (double)norm.ToSingle(), expected * 1e-5);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(double.PositiveInfinity)]
    public void In_double_precision_clipping_equals_TorchSharps_to_the_last_digits(double order)
    {
        using TinyProblem theirs = new(dtype: ScalarType.Float64), ours = new(dtype: ScalarType.Float64);
        theirs.NextGradients();
        ours.NextGradients();

        var expected = nn.utils.clip_grad_norm_(theirs.Parameters, 0.5, order);
        using var norm = Gradients.ClipNorm(ours.Parameters, 0.5, order);

        Assert.Equal(ScalarType.Float64, norm.dtype);
        Assert.Equal(expected, norm.ToDouble(), expected * 1e-12);
        using var scope = NewDisposeScope();
        foreach (var (a, b) in theirs.Parameters.Zip(ours.Parameters)) Assert.InRange(a.grad!.sub(b.grad!).abs().max().ToDouble(), 0, 1e-12); // both have gradients
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(double.PositiveInfinity)]
    public void Gradients_of_several_types_are_clipped_by_one_norm(double order)
    {
        using TinyProblem single = new(), wide = new(2, ScalarType.Float64), brief = new(3, ScalarType.BFloat16);
        foreach (var problem in (TinyProblem[])[single, wide, brief]) problem.NextGradients();
        Parameter[] all = [.. single.Parameters, .. wide.Parameters, .. brief.Parameters];
        double Exact()
        {
            using var scope = NewDisposeScope();
            return linalg.vector_norm(cat([.. all.Select(parameter => parameter.grad!.to(ScalarType.Float64).flatten())]), (float)order).ToDouble(); // all have gradients
        }

        var before = Exact();
        using var norm = Gradients.ClipNorm(all, 0.5, order);
        var after = Exact();
        Gradients.ClipValue(all, 1e-3);

        Assert.Equal(before, norm.to(ScalarType.Float64).ToDouble(), before * 5e-3); // bfloat16 norms have eight bits
        Assert.Equal(0.5, after, 5e-3);
        using var inner = NewDisposeScope();
        Assert.All(all, parameter => Assert.InRange(parameter.grad!.abs().max().to(ScalarType.Float64).ToDouble(), 0, 1.01e-3));
    }

    [Theory]
    [InlineData(float.NaN, 2.0)]
    [InlineData(float.PositiveInfinity, 2.0)]
    [InlineData(float.NaN, 1.0)]
    [InlineData(float.PositiveInfinity, double.PositiveInfinity)]
    public void A_norm_that_is_not_finite_does_to_the_gradients_what_TorchSharp_does(float bad, double order)
    {
        using TinyProblem theirs = new(), ours = new();
        foreach (var problem in (TinyProblem[])[theirs, ours])
        {
            problem.NextGradients();
            using var scope = NewDisposeScope();
            problem.Parameters[0].grad![0].fill_(bad);
        }

        nn.utils.clip_grad_norm_(theirs.Parameters, 1, order);
        Gradients.ClipNorm(ours.Parameters, 1, order).Dispose();

        foreach (var (a, b) in theirs.Parameters.Zip(ours.Parameters)) Assert.Equal(a.grad!.data<float>().ToArray(), b.grad!.data<float>().ToArray(), (x, y) => x.Equals(y) || MathF.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void The_norm_alone_changes_nothing()
    {
        using TinyProblem theirs = new(), ours = new();
        theirs.NextGradients();
        ours.NextGradients();

        using var norm = Gradients.TotalNorm(ours.Parameters);

        Assert.Equal(nn.utils.clip_grad_norm_(theirs.Parameters, 1e9), norm.ToSingle(), 1e-4);
        AssertSameGradients(theirs, ours, 0);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Other_element_types_are_clipped_too(ScalarType dtype)
    {
        using TinyProblem problem = new(1, dtype);
        problem.NextGradients();

        using var before = Gradients.ClipNorm(problem.Parameters, 0.5);
        using var after = Gradients.TotalNorm(problem.Parameters);

        Assert.True(before.to(float32).ToSingle() > 5);
        Assert.Equal(0.5f, after.to(float32).ToSingle(), 0.01f);
    }

    [Fact]
    public void Clipping_by_value_equals_TorchSharps_and_keeps_NaN()
    {
        using TinyProblem theirs = new(shapes: Shapes), ours = new(shapes: Shapes);
        theirs.NextGradients();
        ours.NextGradients();
        ours.Parameters[0].grad!.bytes[..4].Fill(0xff); // a NaN

        nn.utils.clip_grad_value_(theirs.Parameters, 0.3);
        Gradients.ClipValue(ours.Parameters, 0.3);

        Assert.True(float.IsNaN(ours.Parameters[0].grad!.data<float>()[0]));
        ours.Parameters[0].grad = theirs.Parameters[0].grad;
        AssertSameGradients(theirs, ours, 0);
    }

    [Fact]
    public void A_norm_that_is_not_finite_is_reported_when_asked()
    {
        using TinyProblem problem = new();
        problem.NextGradients();
        problem.Parameters[1].grad!.bytes[..4].Fill(0xff);

        using var norm = Gradients.TotalNorm(problem.Parameters);
        Assert.True(float.IsNaN(norm.ToSingle()));
        var exception = Assert.Throws<InvalidOperationException>(() => Gradients.ClipNorm(problem.Parameters, 1, errorIfNonFinite: true));

        Assert.Contains("NaN", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_gradient_at_all_gives_zero()
    {
        using TinyProblem problem = new();

        using Tensor two = Gradients.ClipNorm(problem.Parameters, 1), one = Gradients.ClipNorm(problem.Parameters, 1, normType: 1);

        Assert.Equal((0f, 0f), (two.ToSingle(), one.ToSingle()));
    }

    [Fact]
    public void Squares_beyond_the_range_of_float_are_summed_in_double()
    {
        using var parameter = new Parameter(zeros(3));
        parameter.grad = tensor([3e30f, 4e30f, 0f]);

        using var norm = Gradients.TotalNorm([parameter]);

        Assert.Equal(5e30f, norm.ToSingle(), 1e25f);
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(1.0)]
    public void Repeated_clipping_leaks_no_tensor(double order)
    {
        using TinyProblem problem = new();
        problem.NextGradients();
        void Clip()
        {
            using var norm = Gradients.ClipNorm(problem.Parameters, 0.5, order);
            Gradients.ClipValue(problem.Parameters, 0.1);
        }

        Clip();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 200; i++) Clip();

        Assert.InRange(Tensor.TotalCount, 0, before); // fewer when a collection frees what earlier tests left
    }

    private static void AssertSameGradients(TinyProblem left, TinyProblem right, float tolerance)
    {
        using var scope = NewDisposeScope();
        foreach (var (a, b) in left.Parameters.Zip(right.Parameters))
        {
            if (a.grad is null)
            {
                Assert.Null(b.grad);
                continue;
            }

            Assert.Equal(a.grad.data<float>().ToArray(), b.grad!.data<float>().ToArray(), (x, y) => MathF.Abs(x - y) <= tolerance);
        }
    }
}
