using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Norm, clipping and zeroing of many gradients at once. On the CPU small gradients are read and scaled in place through their memory
/// (no operator call per tensor); large ones and other devices use libtorch's operators, and nothing is read back from a device.
/// </summary>
internal static class Gradients
{
    [ThreadStatic]
    private static GradientList? _cached;

    /// <summary>The norm of all gradients taken as one vector; 0 when there are none.</summary>
    /// <param name="parameters">Whose gradients; those without are skipped.</param>
    /// <param name="normType">Order of the norm; 2 by default, positive infinity for the largest absolute value.</param>
    /// <returns>A new 0-dimensional tensor on the device of the gradients.</returns>
    public static Tensor TotalNorm(IEnumerable<Parameter> parameters, double normType = 2)
    {
        using var mode = no_grad();
        var list = Rent();
        try
        {
            list.Collect(parameters);
            return list.IsOnCpu && normType == 2 ? CpuNorm(list) : GradientScript.Norm(list, normType);
        }
        finally
        {
            Return(list);
        }
    }

    /// <summary>Scales all gradients together so that their norm is at most <paramref name="maxNorm"/>: PyTorch's <c>clip_grad_norm_</c>.</summary>
    /// <returns>The norm before clipping: a new 0-dimensional tensor on the device of the gradients.</returns>
    /// <exception cref="InvalidOperationException">The norm is not finite and <paramref name="errorIfNonFinite"/> is set; this reads the norm to the host.</exception>
    public static Tensor ClipNorm(IEnumerable<Parameter> parameters, double maxNorm, double normType = 2, bool errorIfNonFinite = false)
    {
        using var mode = no_grad();
        var list = Rent();
        try
        {
            list.Collect(parameters);
            var fast = list.IsOnCpu && normType == 2;
            var norm = fast ? CpuNorm(list) : GradientScript.Norm(list, normType);
            if (errorIfNonFinite && !double.IsFinite(Read(norm))) // asked for: a device is synchronised here
            {
                throw new InvalidOperationException(
                    $"The norm of the gradients is {Read(norm)}, so they cannot be clipped. Look for a division by zero, a logarithm of zero or a learning rate that is too high.");
            }

            if (fast) CpuScale(list, maxNorm / (Read(norm) + 1e-6)); // CPU memory, no synchronisation
            else GradientScript.Scale(list, norm, maxNorm);
            return norm;
        }
        finally
        {
            Return(list);
        }
    }

    /// <summary>Limits every gradient element to [−<paramref name="clipValue"/>, <paramref name="clipValue"/>]: PyTorch's <c>clip_grad_value_</c>.</summary>
    public static void ClipValue(IEnumerable<Parameter> parameters, double clipValue)
    {
        using var mode = no_grad();
        var list = Rent();
        try
        {
            list.Collect(parameters);
            if (!list.IsOnCpu)
            {
                GradientScript.Clamp(list, clipValue);
                return;
            }

            using Scalar low = -clipValue, high = clipValue;
            for (var i = 0; i < list.Count; i++)
            {
                if (list.Floats(i) is { IsEmpty: false } values) GradientMath.Clamp(values, (float)clipValue);
                else list.Wrap(i).clamp_(low, high);
            }
        }
        finally
        {
            Return(list);
        }
    }

    /// <summary>Forgets all gradients, or fills them with zeros in one call.</summary>
    public static void Zero(IEnumerable<Parameter> parameters, bool setToNone)
    {
        if (setToNone)
        {
            foreach (var parameter in parameters) parameter.grad = null;
            return;
        }

        using var mode = no_grad();
        var list = Rent();
        try
        {
            list.Collect(parameters);
            list.Zero();
        }
        finally
        {
            Return(list);
        }
    }

    private static GradientList Rent()
    {
        var list = _cached ?? new();
        _cached = null; // a nested use on this thread makes one of its own
        return list;
    }

    private static void Return(GradientList list)
    {
        list.Clear();
        _cached = list;
    }

    private static Tensor CpuNorm(GradientList list)
    {
        var sum = 0.0;
        for (var i = 0; i < list.Count; i++)
        {
            if (list.Floats(i) is { IsEmpty: false } values)
            {
                sum += GradientMath.SumOfSquares(values);
                continue;
            }

            using var scope = NewDisposeScope();
            var norm = Read(list.Wrap(i).norm());
            sum += norm * norm;
        }

        return list.IsDouble ? tensor(Math.Sqrt(sum)) : tensor((float)Math.Sqrt(sum));
    }

    private static void CpuScale(GradientList list, double factor)
    {
        if (factor >= 1) return; // PyTorch multiplies by 1 here to spare a GPU the synchronisation: the same values
        using Scalar scalar = factor; // every type rounds it for itself
        for (var i = 0; i < list.Count; i++)
        {
            if (list.Floats(i) is { IsEmpty: false } values) GradientMath.Scale(values, (float)factor);
            else list.Wrap(i).mul_(scalar);
        }
    }

    private static double Read(Tensor norm) => norm.dtype == float64 ? norm.ToDouble() : norm.ToSingle();
}
