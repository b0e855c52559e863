using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Multi-tensor operators that take numbers, which the C interface cannot pass: a small TorchScript unit through TorchSharp's public interface.
/// Compiled at first use (about 0.4 s once), which CPU training with the usual norm never reaches.
/// </summary>
internal static class GradientScript
{
    private const string Source = """
        def norms(gradients: List[Tensor], order: float) -> Tensor:
            return torch.stack(torch._foreach_norm(gradients, order))

        def clamp(gradients: List[Tensor], low: float, high: float) -> int:
            torch._foreach_clamp_min_(gradients, low)
            torch._foreach_clamp_max_(gradients, high)
            return 0

        def scale(gradients: List[Tensor], factor: Tensor) -> int:
            torch._foreach_mul_(gradients, factor)
            return 0

        """;

    // Units are never freed by libtorch: one for the process.
    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source));

    public static Tensor Norm(GradientList list, double normType)
    {
        if (list.Count == 0) return tensor(0f);
        var gradients = list.WrapAll();
        using var scope = NewDisposeScope();
        using Scalar order = normType;
        if (Array.TrueForAll(gradients, gradient => gradient.device_type == gradients[0].device_type && gradient.device_index == gradients[0].device_index && !gradient.is_sparse))
        {
            var norms = Unit.Value.invoke<Tensor>("norms", gradients, order);
            return linalg.vector_norm(norms, (float)normType).MoveToOuterDisposeScope();
        }

        var first = gradients[0].device;
        var each = gradients.Select(gradient => linalg.vector_norm(gradient.is_sparse ? gradient.to_dense() : gradient, (float)normType).to(first)).ToArray();
        return linalg.vector_norm(stack(each), (float)normType).MoveToOuterDisposeScope();
    }

    public static void Scale(GradientList list, Tensor norm, double maxNorm)
    {
        if (list.Count == 0) return;
        var gradients = list.WrapAll();
        using var scope = NewDisposeScope();
        using Scalar limit = maxNorm, epsilon = 1e-6, one = 1.0;
        var factor = norm.add(epsilon).reciprocal().mul(limit).clamp_max(one);
        foreach (var same in gradients.GroupBy(gradient => (gradient.device_type, gradient.device_index, gradient.dtype)))
        {
            var local = factor.to(same.Key.dtype).to(same.First().device);
            _ = Unit.Value.invoke("scale", same.ToArray(), local);
        }
    }

    public static void Clamp(GradientList list, double limit)
    {
        using Scalar low = -limit, high = limit;
        foreach (var same in list.WrapAll().GroupBy(gradient => (gradient.device_type, gradient.device_index)))
            _ = Unit.Value.invoke("clamp", same.ToArray(), low, high);
    }
}
