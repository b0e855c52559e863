using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>Optimizers and gradients against TorchSharp's own, in turns within one process. Set OMP_NUM_THREADS for another number of threads.</summary>
internal static class OptimizerCases
{
    public static void Many(BenchmarkSettings settings)
    {
        Rounds.Header("many tensors of 64 floats: step");
        foreach (var (count, must) in (ReadOnlySpan<(int, double)>)[(10, 0.15), (100, 0.15), (500, 0.20), (2000, 0.25)])
        {
            Step($"adam_many {count}", Tensors(count, 64), p => optim.Adam(p), must);
            Step($"sgd_momentum_many {count}", Tensors(count, 64), p => optim.SGD(p, 0.01, momentum: 0.9), null);
        }
    }

    public static void Size(BenchmarkSettings settings)
    {
        Rounds.Header("two tensors of n / 2 floats: step");
        foreach (var size in (ReadOnlySpan<int>)[1_000, 100_000, 1_000_000, 10_000_000, .. settings.Quick ? (int[])[] : [100_000_000]])
        {
            Step($"adam_size {size}", Tensors(2, size / 2), p => optim.Adam(p), 0.35);
            Step($"adamw_size {size}", Tensors(2, size / 2), p => optim.AdamW(p, weight_decay: 0.01), 0.35);
            Step($"sgd_size {size}", Tensors(2, size / 2), p => optim.SGD(p, 0.01), null);
            Step($"adagrad_size {size}", Tensors(2, size / 2), p => optim.Adagrad(p), null);
        }
    }

    public static void Clip(BenchmarkSettings settings)
    {
        Rounds.Header("clipping and zeroing gradients");
        foreach (var count in (ReadOnlySpan<int>)[10, 100, 500, 2000])
        {
            var parameters = Tensors(count, 64);
            using var optimizer = optim.SGD(parameters, 0.01);
            Rounds.Compare($"zero_many {count}", () => optimizer.zero_grad(), () => Gradients.Zero(parameters, setToNone: false), 0.3);
            Fill(parameters);
            Rounds.Compare(
                $"clip_many {count}", () => nn.utils.clip_grad_norm_(parameters, 1e-3), () => Gradients.ClipNorm(parameters, 1e-3).Dispose(), 0.3);
            Rounds.Compare($"clip_value_many {count}", () => nn.utils.clip_grad_value_(parameters, 1), () => Gradients.ClipValue(parameters, 1), 0.3);
            Free(parameters);
        }

        foreach (var size in (ReadOnlySpan<int>)[100_000, 1_000_000, 10_000_000])
        {
            var parameters = Tensors(4, size / 4);
            Rounds.Compare($"clip_size {size}", () => nn.utils.clip_grad_norm_(parameters, 1e9), () => Gradients.ClipNorm(parameters, 1e9).Dispose(), null);
            Free(parameters);
        }
    }

    private static void Step(string name, Parameter[] parameters, Func<Parameter[], optim.Optimizer> make, double? must)
    {
        using var peer = make(parameters);
        using var ours = OptimizerAcceleration.Accelerate(make(parameters)) ?? throw new InvalidOperationException(name);
        Rounds.Compare(name, () => peer.step(), () => ours.step(), must);
        Free(parameters);
    }

    private static Parameter[] Tensors(int count, int size)
    {
        var parameters = Enumerable.Range(0, count).Select(_ => new Parameter(randn(size))).ToArray();
        Fill(parameters);
        return parameters;
    }

    private static void Fill(Parameter[] parameters)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in parameters) parameter.grad = randn_like(parameter, requires_grad: false);
    }

    private static void Free(Parameter[] parameters)
    {
        foreach (var parameter in parameters)
        {
            parameter.grad = null;
            parameter.Dispose();
        }
    }
}
