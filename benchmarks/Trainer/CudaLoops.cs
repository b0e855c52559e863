using System.Diagnostics;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace LightningSharp.Benchmarks;

/// <summary>The child's side of the CUDA cases. Clocks stop when the device is done, once per turn.</summary>
internal static class CudaLoops
{
    public static void Run(BenchmarkData data, Worker worker, string style)
    {
        worker.Settle = CudaDevice.Settle;
        if (style == "cuda-raw") AsUsersWriteIt(data, worker);
        else if (style == "cuda-hand") ByHand(data, worker);
        else WithTrainer(data, worker, style);
    }

    // Steps that keep a GPU busy for many times as long as it takes to send them.
    private static long Width => CudaDevice.Kind == "cuda" ? 8192 : 256;

    /// <summary>How long it takes to send steps, over how long they take.</summary>
    public static double HostShare()
    {
        var clock = new Clock();
        var options = Options() with { MaxSteps = 25, MaxEpochs = null, Callbacks = [clock] };
        new Trainer(options).Fit(new Wide(), Enumerable.Repeat(zeros(Width / 2, Width / 4), 25).ToList());
        return clock.Sent / clock.Done;
    }

    private static TrainerOptions Options() => new()
    {
        Accelerator = CudaDevice.Accelerator, EnableCheckpointing = false, Loggers = [], NumSanityValSteps = 0, EnableModelSummary = false, EnableProgressBar = false, Console = ConsoleMode.Quiet,
    };

    private static void WithTrainer(BenchmarkData data, Worker worker, string style)
    {
        var precision = style switch { "cuda-16-mixed" => Precision.Float16Mixed, "cuda-bf16-mixed" => Precision.BFloat16Mixed, _ => Precision.Float32 };
        var options = Options() with
        {
            MaxEpochs = -1, Precision = precision, AllowTf32 = style == "cuda-tf32", ChannelsLast = style == "cuda-last" ? EngineMode.On : EngineMode.Auto, Callbacks = [new Gate(worker)],
        };
        new Trainer(options).Fit(new Classifier(data), data.Loader(pinned: true));
    }

    private static void AsUsersWriteIt(BenchmarkData data, Worker worker)
    {
        var device = CudaDevice.Device;
        var network = data.Network().to(device);
        var optimizer = data.Optimizer(network);
        network.train();
        foreach (var (hostX, hostY) in data.TorchSharpLoader())
        {
            using var scope = NewDisposeScope();
            var (x, y) = (hostX.to(device), hostY.to(device));
            optimizer.zero_grad();
            var logits = network.call(x);
            var loss = F.cross_entropy(logits, y);
            loss.backward();
            optimizer.step();
            var value = loss.item<float>();
            _ = y.eq(logits.argmax(1)).sum().item<long>();
            if (!worker.Step(() => value)) return;
        }
    }

    private static void ByHand(BenchmarkData data, Worker worker)
    {
        var device = CudaDevice.Device;
        var network = data.Network().to(device);
        var optimizer = OptimizerAcceleration.Accelerate(data.Optimizer(network)) ?? throw new InvalidOperationException("no fused optimizer");
        var parameters = network.parameters().ToArray();
        network.train();
        while (true)
        {
            foreach (var (hostX, hostY) in data.Loader(pinned: true))
            {
                using var scope = NewDisposeScope();
                scope.Attach(hostX);
                scope.Attach(hostY);
                var (x, y) = (hostX.to(float32, device, non_blocking: true), hostY.to(int64, device, non_blocking: true));
                foreach (var parameter in parameters) parameter.grad = null;
                var logits = network.call(x);
                var loss = F.cross_entropy(logits, y);
                loss.backward();
                optimizer.step();
                _ = y.eq(logits.argmax(1)).sum();
                if (!worker.Step(() => loss.cpu().ToSingle())) return;
            }
        }
    }

    private sealed class Gate(Worker worker) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (!worker.Step(() => context.Loss!.cpu().ToSingle())) context.Trainer.Stop("enough"); // the model returns a loss
        }
    }

    // The first five steps fill caches; the device has done them when the clock starts.
    private sealed class Clock : Callback
    {
        private long _start;

        public double Sent { get; private set; }

        public double Done { get; private set; }

        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.BatchIndex == 4)
            {
                CudaDevice.Settle();
                _start = Stopwatch.GetTimestamp();
            }
            else if (context.BatchIndex == 24)
            {
                Sent = Stopwatch.GetElapsedTime(_start).TotalSeconds;
                CudaDevice.Settle();
                Done = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            }
        }
    }

    private sealed class Classifier(BenchmarkData data) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = data.Network();

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var logits = call(batch.X);
            var loss = F.cross_entropy(logits, batch.Y);
            Log("loss", loss);
            Log("correct", batch.Y.eq(logits.argmax(1)).sum());
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => data.Optimizer(this);
    }

    private sealed class Wide : LightningModule<Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> net = nn.Sequential(nn.Linear(Width / 4, Width), nn.ReLU(), nn.Linear(Width, Width), nn.ReLU(), nn.Linear(Width, 1));

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep(Tensor batch, int batchIndex)
        {
            var loss = call(batch).mean();
            Log("loss", loss);
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray(), 1e-4);
    }
}
