using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Native;

public class NativeChecksTests
{
    [Fact]
    public void A_saved_random_state_comes_back()
    {
        manual_seed(11);
        using var state = get_rng_state();
        using var first = rand(4);

        NativeChecks.SetRandomState(state);
        using var second = rand(4);

        Assert.Equal(first.bytes.ToArray(), second.bytes.ToArray());
    }

    [Fact]
    public void States_that_would_end_the_process_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        var disposed = zeros(5056, ScalarType.Byte);
        disposed.Dispose();
        Tensor[] bad = [zeros(10, ScalarType.Byte), zeros(5056), zeros([2, 2528], ScalarType.Byte), zeros(5056, ScalarType.Byte), full(5056, 255, ScalarType.Byte), disposed];

        Assert.All(bad, state => Assert.Contains("random state cannot be restored", Assert.Throws<CheckpointException>(() => NativeChecks.SetRandomState(state)).Message));
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 625)]
    [InlineData(12, 0)]
    [InlineData(16, 700)]
    public void A_damaged_field_of_the_state_is_found(int offset, int value)
    {
        using var state = get_rng_state();
        var bytes = state.bytes.ToArray();

        BitConverter.TryWriteBytes(bytes.AsSpan(offset), value);

        Assert.Throws<CheckpointException>(() => NativeChecks.RequireRandomState(bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_thread_count_below_one_is_refused(int threads)
        => Assert.Throws<ArgumentOutOfRangeException>(() => NativeChecks.SetThreads(threads));
}
