using LightningSharp.Data;
using LightningSharp.Optimization;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>What a GPU changes: whole steps, precisions, pinned copies, fused kernels, and that no step waits for the device.</summary>
internal static class CudaCases
{
    public static void Steps(BenchmarkSettings settings)
    {
        if (!CudaDevice.IsThere("cnn_cuda")) return;
        var former = Environment.GetEnvironmentVariable(CudaDevice.Variable);
        Environment.SetEnvironmentVariable(CudaDevice.Variable, CudaDevice.Kind); // Python's peer reads it
        try
        {
            Steps(settings, CudaDevice.Kind);
        }
        finally
        {
            Environment.SetEnvironmentVariable(CudaDevice.Variable, former); // the other cases run on the processor
        }
    }

    private static void Steps(BenchmarkSettings settings, string device)
    {
        foreach (var (batch, steps) in ((int, int)[])[(64, 200), (256, 100), (2048, 20)])
        {
            List<(Peer? Peer, double? Must)> peers =
            [
                (Peer.Ours("Trainer", "cnn", "cuda", batch), null),
                (Peer.Ours("TorchSharp loop", "cnn", "cuda-raw", batch), 0.90),
                (Peer.Ours("by hand, same engines", "cnn", "cuda-hand", batch), 1.02),
                (Peer.Python("Python torch", "cnn", batch), 1.00),
            ];
            Duel.Run($"cnn_{device} {batch}", peers, settings.Steps ?? (settings.Quick ? 1 : steps), settings.Rounds ?? (settings.Quick ? 2 : 7), unit: "ms", scale: 1);
        }
    }

    public static void Precisions(BenchmarkSettings settings)
    {
        if (!CudaDevice.IsThere("precision_cuda")) return;
        foreach (var batch in (ReadOnlySpan<int>)[256, 2048])
        {
            // The Trainer's ratio to each: above 1 where the other is faster.
            List<(Peer? Peer, double? Must)> peers =
            [
                (Peer.Ours("float32", "cnn", "cuda", batch), null),
                (Peer.Ours("float32 with TF32", "cnn", "cuda-tf32", batch), null),
                (Peer.Ours("bf16-mixed", "cnn", "cuda-bf16-mixed", batch), null),
                (Peer.Ours("16-mixed", "cnn", "cuda-16-mixed", batch), null),
                (Peer.Ours("float32, channels last", "cnn", "cuda-last", batch), null),
            ];
            Duel.Run($"precision_cuda {batch}", peers, settings.Steps ?? (settings.Quick ? 1 : 50), settings.Rounds ?? (settings.Quick ? 2 : 7), unit: "ms", scale: 1);
        }
    }

    public static void Loader(BenchmarkSettings settings)
    {
        if (!CudaDevice.IsThere("loader_cuda")) return;
        Rounds.Header("an epoch of 64 batches of 3 MB: copied to the device");
        using Tensor x = zeros(64 * 256, 3, 32, 32), y = zeros(64 * 256, int64);
        using var rows = new TensorDataset(x, y);
        Rounds.Compare("loader_cuda pinned ÷ pageable", () => Copy(rows, pinned: false), () => Copy(rows, pinned: true), 1.0, settings.Quick ? 3 : 9);

        // The device is busy with products meanwhile: an overlapped copy costs nothing then.
        var size = CudaDevice.Kind == "cuda" ? 4096 : 64;
        using Tensor weight = ones(size, size, device: CudaDevice.Device);
        Rounds.Compare("loader_cuda busy ÷ products alone", () => Products(weight, null), () => Products(weight, rows), 1.15, settings.Quick ? 3 : 9);
    }

    public static void Optimizers(BenchmarkSettings settings)
    {
        if (!CudaDevice.IsThere("adam_cuda")) return;
        Rounds.Header("steps on the device");
        foreach (var (count, size) in ((int, long)[])[(10, 64), (500, 64), (2, 500_000), (2, settings.Quick ? 500_000 : 50_000_000)])
        {
            Step($"adam_cuda {count} x {size}", count, size, p => optim.Adam(p), 0.5);
            Step($"adamw_cuda {count} x {size}", count, size, p => optim.AdamW(p, weight_decay: 0.01), 0.5);
            Step($"sgd_momentum_cuda {count} x {size}", count, size, p => optim.SGD(p, 0.01, momentum: 0.9), 1.0);
            var parameters = Parameters(count, size);
            Rounds.Compare($"clip_cuda {count} x {size}", () => Settled(() => nn.utils.clip_grad_norm_(parameters, 1e9)), () => Settled(() => Gradients.ClipNorm(parameters, 1e9).Dispose()), 1.0);
            Array.ForEach(parameters, parameter => parameter.Dispose());
        }
    }

    /// <summary>A step that read the device would wait for it: the host must be far ahead when the last step has been sent.</summary>
    public static void NoRead(BenchmarkSettings settings)
    {
        if (!CudaDevice.IsThere("no_read_cuda")) return;
        var ahead = new List<double>();
        for (var round = 0; round < (settings.Rounds ?? 5); round++) ahead.Add(CudaLoops.HostShare());
        ahead.Sort();
        Console.WriteLine($"  sending 20 steps of a large model took {ahead[ahead.Count / 2]:0.00} of the time until the device had done them (must 0.50: a read in each step makes it 1) {(ahead[ahead.Count / 2] > 0.5 ? "MISSED" : "")}");
    }

    private static void Copy(TensorDataset rows, bool pinned)
    {
        var device = CudaDevice.Device;
        var loader = new DataLoader<(Tensor X, Tensor Y)>(rows, 256, workers: 2, pinMemory: pinned);
        foreach (var (x, y) in loader)
        {
            using var scope = NewDisposeScope();
            scope.Attach(x);
            scope.Attach(y);
            _ = x.to(float32, device, non_blocking: true);
        }

        CudaDevice.Settle();
    }

    private static void Products(Tensor weight, TensorDataset? rows)
    {
        var batches = rows is null ? null : new DataLoader<(Tensor X, Tensor Y)>(rows, 256, workers: 2, pinMemory: true).GetEnumerator();
        using (batches)
        {
            for (var i = 0; i < 64; i++)
            {
                using var scope = NewDisposeScope();
                if (batches?.MoveNext() == true)
                {
                    scope.Attach(batches.Current.X);
                    scope.Attach(batches.Current.Y);
                    _ = batches.Current.X.to(float32, CudaDevice.Device, non_blocking: true);
                }

                _ = weight.mm(weight);
            }
        }

        CudaDevice.Settle();
    }

    private static void Step(string name, int count, long size, Func<Parameter[], optim.Optimizer> make, double must)
    {
        var parameters = Parameters(count, size);
        using var peer = make(parameters);
        using var ours = OptimizerAcceleration.Accelerate(make(parameters)) ?? throw new InvalidOperationException(name);
        Rounds.Compare(name, () => Settled(() => peer.step()), () => Settled(() => ours.step()), must);
        Array.ForEach(parameters, parameter => parameter.Dispose());
    }

    private static void Settled(Action action)
    {
        action();
        CudaDevice.Settle();
    }

    private static Parameter[] Parameters(int count, long size)
    {
        using var scope = NewDisposeScope();
        var parameters = Enumerable.Range(0, count).Select(_ => new Parameter(randn(size, device: CudaDevice.Device))).ToArray();
        foreach (var parameter in parameters)
        {
            parameter.DetachFromDisposeScope();
            parameter.grad = randn_like(parameter, requires_grad: false);
        }

        return parameters;
    }
}
