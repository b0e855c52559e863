using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Precisions;

public class PrecisionTests
{
    [Theory]
    [InlineData("32-true", "32-true")]
    [InlineData("32", "32-true")]
    [InlineData("64", "64-true")]
    [InlineData("bf16", "bf16-mixed")]
    [InlineData("16", "16-mixed")]
    [InlineData("bf16-true", "bf16-true")]
    public void Names_are_Lightnings(string text, string name) => Assert.Equal(name, Precision.Parse(text).Name);

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        var exception = Assert.Throws<ArgumentException>(() => Precision.Parse("8-true"));

        Assert.Contains("'8-true'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("bf16-mixed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Float32_does_nothing_and_allocates_nothing()
    {
        var precision = Precision.Float32.ForDevice(CPU, out var warning);
        using var loss = tensor(1f);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var scope = precision.Forward();
        var scaled = precision.ScaleLoss(loss);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Null(warning);
        Assert.Null(scope);
        Assert.Same(loss, scaled);
        Assert.Null(precision.InputType);
    }

    [Theory]
    [InlineData("64-true", ScalarType.Float64)]
    [InlineData("bf16-true", ScalarType.BFloat16)]
    [InlineData("16-true", ScalarType.Float16)]
    public void True_precisions_convert_weights_inputs_and_defaults(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var precision = Precision.Parse(name).ForDevice(CPU, out _);
        using var module = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3));

        precision.ConvertModule(module);

        Assert.All(module.parameters(), parameter => Assert.Equal(type, parameter.dtype));
        Assert.Equal(ScalarType.Int64, module.buffers().Last().dtype); // the batch counter is no float
        Assert.Equal(type, precision.InputType);
        using (precision.Forward()) Assert.Equal(type, zeros(2).dtype);
        Assert.Equal(ScalarType.Float32, zeros(2).dtype);
    }

    [Fact]
    public void BFloat16_mixed_casts_the_forward_pass_and_keeps_weights()
    {
        using var scope = NewDisposeScope();
        var precision = Precision.BFloat16Mixed.ForDevice(CPU, out _);
        using var module = nn.Linear(2, 3);
        Tensor output;

        precision.ConvertModule(module);
        using (precision.Forward()) output = module.call(randn(4, 2));
        precision.ScaleLoss(output.to(float32).sum()).backward();

        Assert.Equal(ScalarType.BFloat16, output.dtype);
        Assert.Equal(ScalarType.Float32, module.weight!.grad!.dtype);
    }

    [Fact]
    public void Float16_mixed_becomes_bfloat16_mixed_on_the_CPU_with_a_warning()
    {
        var precision = Precision.Float16Mixed.ForDevice(CPU, out var warning);

        Assert.Equal("bf16-mixed", precision.Name);
        Assert.Contains("using bf16-mixed on the CPU instead", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_processor_without_bfloat16_is_warned_of()
    {
        _ = Precision.BFloat16Mixed.ForDevice(CPU, out var warning);

        Assert.Equal(!ShortFloats.HasBFloat16, warning is not null);
        if (warning is not null) Assert.Contains("no bfloat16 instructions", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scaler_belongs_to_float16_only()
    {
        GradientScaler Make(Device device) => new(device, initialScale: 8);

        var chosen = Precision.Mixed(ScalarType.Float16, Make);

        Assert.Equal("16-mixed", chosen.Name);
        Assert.Same(Precision.BFloat16Mixed, Precision.Mixed(ScalarType.BFloat16));
        Assert.Same(Precision.Float16Mixed, Precision.Mixed(ScalarType.Float16));
        Assert.Contains("bf16-mixed takes no gradient scaler", Assert.Throws<ArgumentException>(() => Precision.Mixed(ScalarType.BFloat16, Make)).Message, StringComparison.Ordinal);
        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => Precision.Mixed(ScalarType.Float64)).Message, StringComparison.Ordinal);
        using var run = new Float16MixedPrecision(Make, emulates: true).ForDevice(CPU, out _);
        Assert.Equal(8, run.LossScale);
    }

    [Fact]
    public void Mixed_precision_trains()
    {
        manual_seed(5);
        var precision = Precision.BFloat16Mixed.ForDevice(CPU, out _);
        using var model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1));
        using var optimizer = optim.Adam(model.parameters().ToArray(), 0.01);
        using Tensor x = randn(64, 4), y = x.sum(1, keepdim: true);
        float first = 0, last = 0;

        for (var i = 0; i < 60; i++)
        {
            using var scope = NewDisposeScope();
            Tensor loss;
            using (precision.Forward()) loss = nn.functional.mse_loss(model.call(x), y);
            precision.ScaleLoss(loss).backward();
            precision.Unscale(optimizer);
            Assert.True(precision.Step(optimizer));
            optimizer.zero_grad();
            last = loss.ToSingle();
            if (i == 0) first = last;
        }

        Assert.InRange(last, 0, first * 0.1f);
        Assert.False(Autocast.IsEnabled(DeviceType.CPU));
    }
}
