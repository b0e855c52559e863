using LightningSharp.Native;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>The peers: the loop that a TorchSharp user writes, and the best that can be written by hand with this library's own engines.</summary>
internal static class ManualLoops
{
    /// <summary>R: dispose scopes, TorchSharp's loader and optimizer, loss and accuracy read at every step.</summary>
    public static void AsUsersWriteIt(BenchmarkData data, Worker worker)
    {
        var network = data.Network();
        var optimizer = data.Optimizer(network);
        network.train();
        foreach (var (x, y) in data.TorchSharpLoader())
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var logits = network.call(x);
            var loss = nn.functional.cross_entropy(logits, y);
            loss.backward();
            optimizer.step();
            var value = loss.item<float>();
            if (data.IsCnn) _ = y.eq(logits.argmax(1)).sum().item<long>();
            if (!worker.Step(() => value)) return;
        }
    }

    /// <summary>H: the same engines as the Trainer's defaults, without the Trainer.</summary>
    public static void WithOurSettings(BenchmarkData data, Worker worker)
    {
        using var policy = MemoryPolicy.Begin();
        var network = data.Network();
        if (data.IsCnn) ChannelsLast.Convert(network);
        var optimizer = OptimizerAcceleration.Accelerate(data.Optimizer(network)) ?? throw new InvalidOperationException("no fused optimizer");
        var parameters = network.parameters().ToArray();
        var loader = data.IsCnn ? data.Loader() : data.ReadyBatches();
        network.train();
        while (true)
        {
            foreach (var (hostX, y) in loader)
            {
                using var scope = NewDisposeScope();
                if (data.IsCnn) Own(scope, hostX, y);
                var x = ChannelsLast.ConvertBatch(hostX);
                foreach (var parameter in parameters) parameter.grad = null;
                var logits = network.call(x);
                var loss = nn.functional.cross_entropy(logits, y);
                loss.backward();
                optimizer.step();
                var value = loss.ToSingle();
                if (data.IsCnn) _ = y.eq(logits.argmax(1)).sum().ToInt64();
                if (!worker.Step(() => value)) return;
            }
        }
    }

    // The loader makes new tensors for each batch; ready batches stay.
    private static void Own(DisposeScope scope, Tensor x, Tensor y)
    {
        scope.Attach(x);
        scope.Attach(y);
    }
}
