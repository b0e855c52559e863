using System.Diagnostics;
using System.Diagnostics.Metrics;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace LightningSharp.Benchmarks;

/// <summary>What surrounds the step: waiting for data, and a whole program from its start to a trained, validated and saved net.</summary>
internal static class EndToEndCases
{
    private const int Batch = 256;

    public static void LoaderWait(BenchmarkSettings settings)
    {
        Console.WriteLine();
        Console.WriteLine($"{"loader_wait",-26} {"µs waited",10} {"µs/step",10} {"share",8} {"must",6}");
        Wait("cnn", 64, settings.Steps ?? (settings.Quick ? 20 : 200), 0.01);
        Wait("tiny", 4, settings.Steps ?? (settings.Quick ? 500 : 20_000), 0.25);
    }

    public static void Fit(BenchmarkSettings settings)
    {
        Console.WriteLine();
        Console.WriteLine($"fit_end_to_end: one epoch of MNIST at batch {Batch} from the start of the process: loading, training, validation, checkpoint");
        for (var round = 0; round < (settings.Rounds ?? 1); round++)
        {
            var (ours, theirs) = (Seconds("trainer", settings.Quick), Seconds("raw", settings.Quick));
            Console.WriteLine($"  Trainer {ours:0.0} s, TorchSharp by hand {theirs:0.0} s: {ours / theirs:0.000} (must 0.70){(ours / theirs > 0.7 ? " MISSED" : "")}");
        }
    }

    /// <summary>The child's side of <see cref="Fit"/>.</summary>
    public static int Run(string style, bool quick)
    {
        manual_seed(1);
        var limit = quick ? 20 : int.MaxValue;
        var folder = Directory.CreateTempSubdirectory("lightningsharp-benchmark").FullName;
        try
        {
            if (style == "raw") ByHand(folder, limit);
            else ByTrainer(folder, limit);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void ByTrainer(string folder, int limit)
        => new Trainer(new() { MaxEpochs = 1, Accelerator = Accelerator.Cpu, DefaultRootDir = folder, LimitTrainBatches = limit, LimitValBatches = limit })
            .Fit(new Net(), new Data.MnistDataModule(batchSize: Batch));

    private static void ByHand(string folder, int limit)
    {
        using var train = new MnistItems(new Data.Mnist(train: true));
        using var validation = new MnistItems(new Data.Mnist(train: false));
        using var trainLoader = new TorchSharp.Modules.DataLoader(train, Batch, shuffle: true);
        using var validationLoader = new TorchSharp.Modules.DataLoader(validation, Batch);
        var network = new BenchmarkData("cnn", Batch).Network();
        var optimizer = optim.Adam(network.parameters());
        network.train();
        foreach (var batch in trainLoader.Take(limit))
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = F.cross_entropy(network.call(batch["data"]), batch["label"]);
            loss.backward();
            optimizer.step();
            _ = loss.item<float>();
        }

        network.eval();
        var correct = 0L;
        using (no_grad())
        {
            foreach (var batch in validationLoader.Take(limit))
            {
                using var scope = NewDisposeScope();
                correct += network.call(batch["data"]).argmax(1).eq(batch["label"]).sum().item<long>();
            }
        }

        network.save(Path.Combine(folder, "net.dat"));
        Console.WriteLine($"correct {correct}");
    }

    private static void Wait(string model, int batch, int steps, double must)
    {
        double waited = 0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "lightning.data.wait") listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => waited += seconds);
        var data = new BenchmarkData(model, batch);
        var clock = new Clock(() => waited);
        listener.Start();
        if (model == "tiny") set_num_threads(1);
        new Trainer(new() { MaxEpochs = -1, MaxSteps = steps + Clock.Warm, Accelerator = Accelerator.Cpu, Loggers = [], EnableCheckpointing = false, Console = ConsoleMode.Quiet, Callbacks = [clock] })
            .Fit(new Plain(data), data.Loader());
        var (wait, step) = ((waited - clock.WaitedBefore) / steps * 1e6, clock.Elapsed / steps * 1e6);
        Console.WriteLine($"  {model + " " + batch,-24} {wait,10:0.0} {step,10:0.0} {wait / step,8:0.000} {must,6:0.00} {(wait / step > must ? "MISSED" : "")}");
        if (model == "tiny") set_num_threads(Environment.ProcessorCount);
    }

    private static double Seconds(string style, bool quick)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Peer.Program(["--end-to-end", style, quick ? "quick" : "full"]);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"fit_end_to_end {style} ended with {process.ExitCode}: {complaint}");
    }

    private sealed class Clock(Func<double> waited) : Callback
    {
        public const int Warm = 20;
        private long _start;

        public double WaitedBefore { get; private set; }

        public double Elapsed { get; private set; }

        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.GlobalStep == Warm) (WaitedBefore, _start) = (waited(), Stopwatch.GetTimestamp());
        }

        public override void OnTrainEnd(HookContext context) => Elapsed = Stopwatch.GetElapsedTime(_start).TotalSeconds;
    }

    private sealed class Plain(BenchmarkData data) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = data.Network();

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => F.cross_entropy(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => data.Optimizer(this);
    }

    private sealed class Net : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly nn.Module<Tensor, Tensor> net = new BenchmarkData("cnn", Batch).Network();

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = F.cross_entropy(call(batch.X), batch.Y);
            Log("train_loss", loss, progressBar: true);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val_correct", call(batch.X).argmax(1).eq(batch.Y).to_type(float32).mean());

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters());
    }
}
