using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Native;

/// <summary>Checks what libtorch itself answers with an abort of the process.</summary>
internal static class NativeChecks
{
    /// <summary>Bytes in the state of libtorch's CPU generator.</summary>
    public const int RandomStateLength = 5056;

    private const int MersenneWords = 624, LeftOffset = 8, SeededOffset = 12, NextOffset = 16;

    /// <summary>Sets the CPU generator's state after checking it: libtorch ends the process over a damaged one.</summary>
    /// <exception cref="CheckpointException">The state is no saved state of libtorch's CPU generator.</exception>
    public static void SetRandomState(Tensor state)
    {
        RequireRandomState(state);
        torch.set_rng_state(state);
    }

    /// <summary>Refuses a tensor that is no state of libtorch's CPU generator.</summary>
    /// <exception cref="CheckpointException">Wrong type, length or content.</exception>
    public static void RequireRandomState(Tensor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsInvalid || state.dtype != ScalarType.Byte || state.device_type != DeviceType.CPU || state.dim() != 1 || state.shape[0] != RandomStateLength
            || !state.is_contiguous())
        {
            throw new CheckpointException(
                $"The random state cannot be restored: expected a Byte tensor [{RandomStateLength}] on the CPU, received "
                + (state.IsInvalid ? "a disposed tensor." : $"{state.dtype} [{string.Join(", ", state.shape)}] on {state.device_type}.")
                + " Resume from another checkpoint, or without the random state.");
        }

        RequireRandomState(state.bytes);
    }

    /// <inheritdoc cref="RequireRandomState(Tensor)"/>
    public static void RequireRandomState(ReadOnlySpan<byte> state)
    {
        if (state.Length != RandomStateLength) throw Damaged($"it has {state.Length} bytes instead of {RandomStateLength}");
        var left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftOffset..]);
        var seeded = BinaryPrimitives.ReadInt32LittleEndian(state[SeededOffset..]);
        var next = BinaryPrimitives.ReadUInt64LittleEndian(state[NextOffset..]);
        if (seeded != 1) throw Damaged($"its 'seeded' mark is {seeded} instead of 1");
        if (left is < 1 or > MersenneWords) throw Damaged($"{left} numbers are left in a block of {MersenneWords}");
        if (next > MersenneWords) throw Damaged($"its position {next} lies outside a block of {MersenneWords}");
    }

    /// <summary>Sets libtorch's number of threads, which must be positive.</summary>
    public static void SetThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        torch.set_num_threads(threads);
    }

    private static CheckpointException Damaged(string how)
        => new($"The random state cannot be restored: {how}. The file is damaged; resume from another checkpoint, or without the random state.");
}
