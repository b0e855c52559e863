using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace LightningSharp;

/// <summary>Which processors compute with 16-bit floats, and what to tell a person whose processor does not.</summary>
internal static class ShortFloats
{
    /// <summary>Whether this processor has instructions for bfloat16 products (AVX512_BF16 or AMX); true where it cannot be asked.</summary>
    public static bool HasBFloat16
    {
        get
        {
            if (!X86Base.IsSupported) return true; // Arm: libtorch brings kernels for those that matter
            var (max, _, _, _) = X86Base.CpuId(0, 0);
            if (max < 7) return false;
            var (subleaves, _, _, edx) = X86Base.CpuId(7, 0);
            const int amxBFloat16 = 1 << 22, avx512BFloat16 = 1 << 5;
            return (edx & amxBFloat16) != 0 || (subleaves >= 1 && (X86Base.CpuId(7, 1).Eax & avx512BFloat16) != 0);
        }
    }

    /// <summary>The warning for a 16-bit type on this processor; null when it is fit for it.</summary>
    public static string? WarningFor(string precision, torch.ScalarType dtype) => dtype switch
    {
        torch.ScalarType.BFloat16 when !HasBFloat16 =>
            $"Precision {precision}: this processor has no bfloat16 instructions (AVX512_BF16 or AMX), so libtorch emulates them: "
            + "convolutions take about 27 times and matrix products about 110 times as long as in float32. Use Precision.Float32 unless memory is all that counts.",
        torch.ScalarType.Float16 =>
            $"Precision {precision}: processors compute float16 by emulation, many times slower than float32. Use Precision.Float32 on the CPU unless memory is all that counts.",
        _ => null,
    };
}
