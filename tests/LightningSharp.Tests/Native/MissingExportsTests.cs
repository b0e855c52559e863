using System.Globalization;

namespace LightningSharp.Tests.Native;

/// <summary>Another libtorch may lack an export: each engine then falls back by itself, the losses stay, and the list of engines says so.</summary>
public class MissingExportsTests
{
    private const string Variable = "LIGHTNINGSHARP_WITHOUT_EXPORTS";

    private static readonly Lazy<(float[] Losses, string[] Engines)> Whole = new(() => Read(FaultProcess.Run("engines")));

    [Theory]
    [InlineData("torch_call_dispatcher")]
    [InlineData("TensorImpl4grad")]
    [InlineData("omp_")]
    [InlineData("aoti_torch_abi_version")]
    [InlineData("globalContext")]
    [InlineData("all")]
    public void Training_goes_on_with_the_same_losses(string missing)
    {
        var (losses, engines) = Read(FaultProcess.RunWith(Variable, missing, "engines"));

        Assert.Equal(Whole.Value.Losses.Length, losses.Length);
        Assert.All(Whole.Value.Losses.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Contains("optimizer: fused AdamW", Whole.Value.Engines);
        var hasKernels = missing is "TensorImpl4grad" or "omp_" or "globalContext";
        Assert.Contains(hasKernels ? "optimizer: fused AdamW" : "optimizer: AdamW as it is (this libtorch does not export the fused kernels)", engines);
    }

    [Fact]
    public void Mixed_precision_without_autocast_is_refused_with_a_remedy()
    {
        var (code, output, _) = FaultProcess.RunWith(Variable, "autocast", "engines", "bf16-mixed");

        Assert.Equal(3, code);
        Assert.Contains("Use Precision.Float32", output, StringComparison.Ordinal);
    }

    private static (float[] Losses, string[] Engines) Read((int Code, string Output, string Error) run)
    {
        Assert.True(run.Code == 0, run.Error);
        var lines = run.Output.Split('\n');
        return ([.. lines[0].Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))], lines[1].Split('|'));
    }
}
