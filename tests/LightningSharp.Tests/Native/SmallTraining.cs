using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Native;

/// <summary>A tiny network under TorchSharp's AdamW, whose every step passes dozens of implicit scalars: the workload that loader threads corrupt.</summary>
internal sealed class SmallTraining : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _net;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _x, _y;

    public SmallTraining()
    {
        manual_seed(7);
        _net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10));
        _optimizer = optim.AdamW(_net.parameters().ToArray(), lr: 1e-3);
        _x = randn(32, 64).DetachFromDisposeScope();
        _y = randn(32, 10).DetachFromDisposeScope();
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = (nn.functional.mse_loss(_net.call(_x), _y) * 0.5) + 0.1;
        loss.backward();
        _optimizer.step();
    }

    /// <summary>A fingerprint of all weights, bit for bit.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in _net.parameters()) hash.AppendData(parameter.bytes);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Runs <paramref name="steps"/> steps, with a boundary of <paramref name="boundary"/> before each, and returns the fingerprint.</summary>
    public static string Run(int steps, Action? boundary = null)
    {
        using var training = new SmallTraining();
        for (var i = 0; i < steps; i++)
        {
            boundary?.Invoke();
            training.Step();
        }

        return training.Fingerprint();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _net.Dispose();
        _x.Dispose();
        _y.Dispose();
    }
}
