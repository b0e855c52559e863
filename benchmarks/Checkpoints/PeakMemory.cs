using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks.Checkpoints;

/// <summary>How much memory saving takes besides the model: pieces of it are written straight from where they are.</summary>
internal static class PeakMemory
{
    public static void Run(string folder, int mebibytes)
    {
        var weights = new Dictionary<string, Tensor>();
        for (var i = 0; i < 32; i++) weights[$"layer{i}.weight"] = ones([(long)mebibytes * (1 << 18) / 32]);
        var path = Path.Combine(folder, "large.ckpt");
        CheckpointFile.Write(path, new Dictionary<string, object?> { ["first"] = tensor(1f) }); // code is compiled before it counts
        var saving = Machine.Growth(() => CheckpointFile.Write(path, weights));
        var verifying = Machine.Growth(() => CheckpointFile.Verify(path));
        var loading = Machine.Growth(() => CheckpointFile.Read(path).Dispose()); // beside the ones that are there
        foreach (var weight in weights.Values) weight.Dispose();
        Console.WriteLine($"\n{mebibytes} MiB of weights\n| what | resident memory grew at most by |\n|---|---|");
        Console.WriteLine($"| save | {saving / 1048576.0:F0} MiB |\n| verify | {verifying / 1048576.0:F0} MiB |\n| load (the loaded weights are among it) | {loading / 1048576.0:F0} MiB |");
    }
}
