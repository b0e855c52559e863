using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>Whether a model is worth keeping: NaN in the weights means that training is lost, and a file of them must not take the place of a good one.</summary>
internal static class FiniteWeights
{
    /// <summary>The first parameter that holds NaN or an infinity; null when all are finite. One read from the device, and no memory worth speaking of.</summary>
    public static string? FirstBroken(nn.Module module)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        List<(string Name, Tensor Largest)> all = [];
        foreach (var (name, parameter) in module.named_parameters()) // not buffers: masks and running minima are infinite on purpose
        {
            // the largest magnitude: NaN and infinity come through
            if (!parameter.IsInvalid && parameter.numel() > 0 && (parameter.is_floating_point() || parameter.is_complex())) all.Add((name, linalg.vector_norm(parameter, float.PositiveInfinity)));
        }

        if (all.Count == 0) return null;
        using var finite = stack(all.ConvertAll(entry => entry.Largest.cpu().to(ScalarType.Float64))).isfinite();
        var flags = finite.data<bool>().ToArray();
        var first = Array.IndexOf(flags, false);
        return first < 0 ? null : all[first].Name;
    }
}
