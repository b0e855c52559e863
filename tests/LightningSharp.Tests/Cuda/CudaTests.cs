using LightningSharp.Checkpointing;
using LightningSharp.Data;
using LightningSharp.Native;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Cuda;

/// <summary>What only a GPU can show. Where libtorch sees none, every test says so and is skipped.</summary>
public class CudaTests
{
    private static readonly TrainerOptions OnGpu = Quiet.Options with { Accelerator = Accelerator.Cuda, MaxEpochs = 4 };

    [Fact]
    public void Fit_validate_and_predict_run_on_the_device_and_agree_with_the_CPU()
    {
        RequireDevice();
        var (host, device) = (new TinyModel(), new TinyModel());
        new Trainer(Quiet.Options with { MaxEpochs = 4 }).Fit(host, ToyData.Batches(16, 4));
        var trainer = new Trainer(OnGpu);

        trainer.Fit(device, ToyData.Batches(16, 4), ToyData.Batches(8, 4));
        var validated = trainer.Validate(device, ToyData.Batches(8, 4));
        var predictions = trainer.Predict(device, ToyData.Batches(8, 4));

        Assert.All(device.parameters(), parameter => Assert.Equal(DeviceType.CUDA, parameter.device_type));
        Assert.All(host.Losses.Zip(device.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.True(double.IsFinite(validated[0].Metrics["val_loss"]));
        Assert.Equal(2, predictions.Count);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("sgd")]
    public void Fused_optimizers_have_a_kernel_on_the_device_and_agree_with_TorchSharps(string kind)
    {
        RequireDevice();
        Parameter[] Parameters() => [.. ((long[][])[[7], [3, 5], [70_000]]).Select(shape => new Parameter(arange(shape.Aggregate(1L, (a, b) => a * b), float32).remainder(7).sub(3).reshape(shape).cuda()))];
        var (theirs, ours) = (Parameters(), Parameters());
        optim.Optimizer Own(Parameter[] parameters) => kind switch { "adam" => optim.Adam(parameters, 0.01), "adamw" => optim.AdamW(parameters, 0.01, weight_decay: 0.1), _ => optim.SGD(parameters, 0.01, momentum: 0.9) };
        using var reference = Own(theirs);
        using var fused = OptimizerAcceleration.Accelerate(Own(ours));

        for (var step = 0; step < 20; step++)
        {
            using var scope = NewDisposeScope();
            foreach (var (a, b) in theirs.Zip(ours)) (a.grad, b.grad) = (a.detach().sin(), b.detach().sin());
            reference.step();
            fused!.step(); // there is one, see below
        }

        Assert.True(fused?.UsesKernel);
        Assert.All(theirs.Zip(ours), pair => Assert.InRange(pair.First.sub(pair.Second).abs().max().ToSingle(), 0, 1e-5));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(double.PositiveInfinity)]
    public void Clipping_on_the_device_equals_the_hosts(double order)
    {
        RequireDevice();
        using Parameter host = new(zeros(1000)), device = new(zeros(1000).cuda());
        using var values = arange(1000, float32).sin();
        (host.grad, device.grad) = (values.clone(), values.cuda());

        using var expected = Gradients.ClipNorm([host], 0.5, order);
        using var norm = Gradients.ClipNorm([device], 0.5, order);

        Assert.Equal(DeviceType.CUDA, norm.device_type);
        Assert.Equal(expected.ToSingle(), norm.cpu().ToSingle(), 1e-3);
        Assert.True(host.grad.allclose(device.grad.cpu(), rtol: 1e-4, atol: 1e-6));
    }

    [Theory]
    [InlineData("16-mixed", ScalarType.Float16)]
    [InlineData("bf16-mixed", ScalarType.BFloat16)]
    public void Mixed_precision_computes_in_short_floats_and_learns(string name, ScalarType type)
    {
        RequireDevice();
        var model = new SeesTypes();
        var trainer = new Trainer(OnGpu with { Precision = Precision.Parse(name), MaxEpochs = 20 });

        trainer.Fit(model, ToyData.Batches(16, 4));

        Assert.Equal([type], model.Outputs);
        Assert.Equal(name == "16-mixed", trainer.Running.Precision is Float16MixedPrecision);
        Assert.True(model.Losses[^1] < model.Losses[0]);
    }

    [Fact]
    public void The_loss_scale_is_saved_and_restored_on_the_device()
    {
        RequireDevice();
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "scaled.ckpt");
        var options = OnGpu with { Precision = Precision.Mixed(ScalarType.Float16, device => new GradientScaler(device, initialScale: 64)) };
        var (whole, half, rest) = (new TinyModel(), new TinyModel(), new TinyModel());
        new Trainer(options).Fit(whole, ToyData.Batches(16, 4));
        var first = new Trainer(options with { MaxEpochs = 2 });
        first.Fit(half, ToyData.Batches(16, 4));
        first.SaveCheckpoint(path);

        new Trainer(options).Fit(rest, ToyData.Batches(16, 4), resume: path);

        Assert.Equal(whole.Losses[8..], rest.Losses);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_of_one_device_resumes_on_the_other(bool fromDevice)
    {
        RequireDevice();
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "moved.ckpt");
        var (here, there) = fromDevice ? (OnGpu, Quiet.Options with { MaxEpochs = 4 }) : (Quiet.Options with { MaxEpochs = 4 }, OnGpu);
        var (whole, half, rest) = (new WithAdam(), new WithAdam(), new WithAdam());
        new Trainer(there).Fit(whole, ToyData.Batches(16, 4));
        var first = new Trainer(here with { MaxEpochs = 2 });
        first.Fit(half, ToyData.Batches(16, 4));
        first.SaveCheckpoint(path);

        new Trainer(there).Fit(rest, ToyData.Batches(16, 4), resume: path);

        Assert.All(whole.Losses[8..].Zip(rest.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        using var file = CheckpointFile.Read(path);
        Assert.All(file.StateDict().Values, tensor => Assert.Equal(DeviceType.CPU, tensor.device_type)); // readable without a GPU
    }

    [Fact]
    public void Batches_of_a_pinning_loader_arrive_unchanged()
    {
        RequireDevice();
        using Tensor x = arange(4096, float32).reshape(64, 64), y = arange(64, int64);
        var loader = new DataLoader<(Tensor X, Tensor Y)>(new LightningSharp.Data.TensorDataset(x, y), 8, workers: 2, pinMemory: true);
        var model = new SumsBatches();

        new Trainer(OnGpu with { MaxEpochs = 3 }).Fit(model, loader);

        Assert.All(model.Sums.Chunk(8), epoch => Assert.Equal(x.sum().ToDouble(), epoch.Sum(), 1.0));
        Assert.All(model.Devices, device => Assert.Equal(DeviceType.CUDA, device));
    }

    [Fact]
    public void Seeded_runs_draw_the_same_numbers_on_the_device()
    {
        RequireDevice();
        List<double> Run()
        {
            var model = new Draws();
            new Trainer(OnGpu with { Seed = 9, MaxEpochs = 1 }).Fit(model, ToyData.Batches(16, 4));
            return model.Drawn;
        }

        var first = Run();
        _ = rand(100, device: CUDA); // the stream of the device moves on in between

        Assert.Equal(first, Run());
    }

    [Fact]
    public void Memory_of_the_device_is_known_and_its_cache_can_be_emptied()
    {
        RequireDevice();
        using (zeros(64 << 20, device: CUDA)) Assert.NotNull(CudaMemory.Read());
        var before = CudaMemory.Read()!.Value; // not null: just read

        var emptied = CudaMemory.EmptyCache();

        Assert.InRange(before.Free, 1, before.Total);
        if (emptied) Assert.True(CudaMemory.Read()!.Value.Free > before.Free);
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_that_lists_those_that_are()
    {
        var exception = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { Accelerator = cuda.is_available() ? Accelerator.Mps : Accelerator.Cuda }).Fit(new TinyModel(), ToyData.Batches(4, 4)));

        Assert.Contains("Available: cpu", exception.Message, StringComparison.Ordinal);
    }

    private static void RequireDevice() => Assert.SkipUnless(cuda.is_available(), "libtorch sees no CUDA device (the CPU package, or no GPU)");

    private sealed class SeesTypes : TinyModel
    {
        public HashSet<ScalarType> Outputs { get; } = [];

        public override Tensor forward(Tensor x)
        {
            var output = base.forward(x);
            Outputs.Add(output.dtype);
            return output;
        }
    }

    private sealed class WithAdam : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray(), 0.01);
    }

    private sealed class SumsBatches : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Linear layer = nn.Linear(64, 1);

        public List<double> Sums { get; } = [];

        public List<DeviceType> Devices { get; } = [];

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Sums.Add(batch.X.sum().ToDouble());
            Devices.Add(batch.X.device_type);
            return call(batch.X).mean();
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 1e-6);
    }

    private sealed class Draws : TinyModel
    {
        public List<double> Drawn { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Drawn.Add(rand(3, device: batch.X.device).sum().ToDouble());
            return base.TrainingStep(batch, batchIndex);
        }
    }
}
