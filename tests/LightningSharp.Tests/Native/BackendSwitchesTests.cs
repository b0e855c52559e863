using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Tests.Native;

public class BackendSwitchesTests
{
    [Fact]
    public void Deterministic_mode_is_on_inside_its_scope_only()
    {
        Assert.False(BackendSwitches.IsDeterministic);

        using (BackendSwitches.Deterministic(warnOnly: false))
        {
            Assert.Equal((true, false), (BackendSwitches.IsDeterministic, BackendSwitches.IsWarnOnly));
            using (BackendSwitches.Deterministic(warnOnly: true)) Assert.True(BackendSwitches.IsWarnOnly);
            Assert.False(BackendSwitches.IsWarnOnly);

            // libtorch fills fresh memory with NaN in this mode, so that reading it is noticed
            using var fresh = torch.empty(64);
            Assert.True(fresh.isnan().all().ToBoolean());
        }

        Assert.False(BackendSwitches.IsDeterministic);
    }

    [Fact]
    public void CuDNN_benchmark_returns_to_what_it_was()
    {
        var before = BackendSwitches.IsBenchmark;

        using (BackendSwitches.CudnnBenchmark(true)) Assert.True(BackendSwitches.IsBenchmark);

        Assert.Equal(before, BackendSwitches.IsBenchmark);
    }

    [Fact]
    public void Tf32_returns_to_what_it_was()
    {
        var before = torch.backends.cuda.matmul.allow_tf32;

        using (BackendSwitches.AllowTf32(!before)) Assert.Equal(!before, torch.backends.cuda.matmul.allow_tf32);

        Assert.Equal(before, torch.backends.cuda.matmul.allow_tf32);
    }

    [Fact]
    public void Denormals_count_as_zero_inside_the_scope_only()
    {
        Assert.False(BackendSwitches.FlushesDenormals);

        using (var scope = BackendSwitches.FlushDenormals(true))
        {
            Assert.SkipWhen(scope is null, "this processor has no such mode");
            Assert.True(BackendSwitches.FlushesDenormals);
        }

        Assert.False(BackendSwitches.FlushesDenormals);
    }

    [Fact]
    public void Cuda_memory_is_unknown_without_cuda()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has CUDA");

        Assert.Null(CudaMemory.Read());
        Assert.False(CudaMemory.EmptyCache());
    }
}
