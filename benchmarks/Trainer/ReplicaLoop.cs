using LightningSharp.Native;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>
/// Two replicas on two .NET threads with one libtorch thread each: the weights are shared, each replica has gradients of its own, half of every batch goes to each.
/// The figures say whether that beats two libtorch threads in one replica (docs/adr/0015).
/// </summary>
internal sealed class ReplicaLoop : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _first;
    private readonly nn.Module<Tensor, Tensor> _second;
    private readonly optim.Optimizer _optimizer;
    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private (Tensor X, Tensor Y)? _half;

    private ReplicaLoop(BenchmarkData data)
    {
        _first = data.Network();
        ChannelsLast.Convert(_first);
        _second = data.Network();
        using (no_grad())
        {
            foreach (var (own, shared) in _second.parameters().Zip(_first.parameters())) own.set_(shared);
        }

        _optimizer = OptimizerAcceleration.Accelerate(data.Optimizer(_first)) ?? throw new InvalidOperationException("no fused optimizer");
        new Thread(Work) { IsBackground = true }.Start();
    }

    public static void Run(BenchmarkData data, Worker worker)
    {
        using var policy = MemoryPolicy.Begin();
        using var loop = new ReplicaLoop(data);
        set_num_threads(1);
        while (true)
        {
            foreach (var (x, y) in data.Loader())
            {
                using var scope = NewDisposeScope();
                scope.Attach(x);
                scope.Attach(y);
                var value = loop.Step(x, y);
                if (!worker.Step(() => value)) return;
            }
        }
    }

    public void Dispose()
    {
        _half = null;
        _go.Release();
    }

    private double Step(Tensor x, Tensor y)
    {
        var half = x.shape[0] / 2;
        _half = (x.narrow(0, half, half), y.narrow(0, half, half));
        _go.Release();
        var loss = Differentiate(_first, x.narrow(0, 0, half), y.narrow(0, 0, half));
        _done.Wait();
        foreach (var (own, other) in _first.parameters().Zip(_second.parameters()))
        {
            using var gradient = own.grad!; // after backward
            using var added = other.grad!;
            gradient.add_(added).mul_(0.5f);
        }

        _optimizer.step();
        return loss;
    }

    private void Work()
    {
        set_num_threads(1);
        while (true)
        {
            _go.Wait();
            if (_half is not { } half) return;
            using (NewDisposeScope()) _ = Differentiate(_second, half.X, half.Y);
            _done.Release();
        }
    }

    private static double Differentiate(nn.Module<Tensor, Tensor> network, Tensor x, Tensor y)
    {
        foreach (var parameter in network.parameters()) parameter.grad = null;
        var logits = network.call(ChannelsLast.ConvertBatch(x));
        var loss = nn.functional.cross_entropy(logits, y);
        loss.backward();
        _ = y.eq(logits.argmax(1)).sum().ToInt64();
        return loss.ToSingle();
    }
}
