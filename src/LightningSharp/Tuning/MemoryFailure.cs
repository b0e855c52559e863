using System.Runtime.InteropServices;

namespace LightningSharp.Tuning;

/// <summary>Tells running out of memory from other errors; libtorch reports it as text.</summary>
internal static class MemoryFailure
{
    private static readonly string[] Texts =
    [
        "out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory", "DefaultCPUAllocator", "CUDNN_STATUS_NOT_SUPPORTED",
        "CUDNN_STATUS_ALLOC_FAILED", "CUBLAS_STATUS_ALLOC_FAILED", "bad_alloc",
    ];

    public static bool Is(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is OutOfMemoryException) return true;
            if (current is ExternalException && Texts.Any(text => current.Message.Contains(text, StringComparison.OrdinalIgnoreCase))) return true;
        }

        return false;
    }
}
