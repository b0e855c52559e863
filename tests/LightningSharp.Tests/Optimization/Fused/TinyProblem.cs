using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization.Fused;

/// <summary>Parameters of several shapes with made-up, seeded gradients: everything an optimizer sees, without a model.</summary>
internal sealed class TinyProblem : IDisposable
{
    private readonly Generator _generator;
    private readonly ScalarType _dtype;

    public TinyProblem(int seed = 1, ScalarType dtype = ScalarType.Float32, params long[][] shapes)
    {
        if (shapes.Length == 0) shapes = [[7], [3, 5], [2, 3, 4, 4], [1]];
        _dtype = dtype;
        _generator = new Generator((ulong)seed);
        Parameters = [.. shapes.Select(shape => new Parameter(randn(shape, generator: _generator).to(dtype)))];
    }

    public Parameter[] Parameters { get; }

    public void NextGradients(Func<int, bool>? has = null)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < Parameters.Length; i++)
        {
            var gradient = randn(Parameters[i].shape, generator: _generator).to(_dtype);
            Parameters[i].grad = has?.Invoke(i) == false ? null : gradient;
        }
    }

    /// <summary>The largest absolute difference between two problems' parameters.</summary>
    public double DistanceTo(TinyProblem other)
    {
        using var scope = NewDisposeScope();
        return Parameters.Zip(other.Parameters).Max(pair => pair.First.sub(pair.Second).abs().max().to(float64).ToDouble());
    }

    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Dispose();
        _generator.Dispose();
    }
}
