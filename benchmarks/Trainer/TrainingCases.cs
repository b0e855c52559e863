
namespace LightningSharp.Benchmarks;

/// <summary>Whole steps: the Trainer against loops by hand, each in a process of its own, in turns.</summary>
internal static class TrainingCases
{
    public static void Cnn(BenchmarkSettings settings, int batch, int steps, double rawMust)
    {
        List<(Peer? Peer, double? Must)> peers =
        [
            (Peer.Ours("Trainer", "cnn", "default", batch), null),
            (Peer.Ours("TorchSharp loop", "cnn", "raw", batch), rawMust),
            (Peer.Ours("by hand, same engines", "cnn", "hand", batch), 1.02),
            (Peer.Ours("Trainer, engines off", "cnn", "off", batch), null),
            (Peer.Python("Python torch", "cnn", batch), batch == 2048 ? 0.60 : null),
            (Peer.Python("Python torch, tuned", "cnn", batch, tuned: true), null),
        ];
        Duel.Run($"cnn_step_{batch}", peers, settings.Steps ?? (settings.Quick ? 1 : steps), settings.Rounds ?? (settings.Quick ? 2 : 7), unit: "ms", scale: 1);
    }

    public static void SameSettings(BenchmarkSettings settings)
    {
        foreach (var (batch, steps) in ((int, int)[])[(64, 20), (256, 6), (2048, 2)])
        {
            List<(Peer? Peer, double? Must)> peers = [(Peer.Ours("Trainer", "cnn", "default", batch), null), (Peer.Ours("by hand, same engines", "cnn", "hand", batch), 1.02)];
            Duel.Run($"same_settings {batch}", peers, settings.Steps ?? (settings.Quick ? 1 : steps), settings.Rounds ?? (settings.Quick ? 2 : 9), unit: "ms", scale: 1);
        }
    }

    public static void Replicas(BenchmarkSettings settings)
    {
        foreach (var (batch, steps) in ((int, int)[])[(64, 20), (512, 3)])
        {
            List<(Peer? Peer, double? Must)> peers =
            [
                (Peer.Ours("2 replicas of 1 thread", "cnn", "replicas", batch), null),
                (Peer.Ours("1 replica of 2 threads", "cnn", "hand", batch), 1.0),
                (Peer.Ours("Trainer", "cnn", "default", batch), null),
            ];
            Duel.Run($"dp_threads {batch}", peers, settings.Steps ?? (settings.Quick ? 1 : steps), settings.Rounds ?? (settings.Quick ? 2 : 9), unit: "ms", scale: 1);
        }
    }

    public static void Tiny(BenchmarkSettings settings, string model, double must)
    {
        List<(Peer? Peer, double? Must)> peers =
        [
            (Peer.Ours("Trainer", model, "default", 4), null),
            (Peer.Ours("TorchSharp loop", model, "raw", 4), must),
            (Peer.Ours("Trainer and its loader", model, "loader", 4), null),
            (Peer.Ours("Trainer, all off", model, "off", 4), null),
            (Peer.Ours("by hand, same engines", model, "hand", 4), null),
            (Peer.Python("Python torch", model, 4), null),
        ];
        Duel.Run(model == "tiny" ? "tiny_sgd" : "tiny_adam", peers, settings.Steps ?? (settings.Quick ? 500 : 5000), settings.Rounds ?? (settings.Quick ? 3 : 15), unit: "µs", scale: 1000);
    }

    /// <summary>What a Trainer adds to the loop by hand of its own language: ours against Lightning's.</summary>
    public static void AgainstLightning(BenchmarkSettings settings)
    {
        const string trainer = "Trainer", loop = "TorchSharp loop", lightning = "PyTorch Lightning", python = "Python torch";
        List<(Peer? Peer, double? Must)> peers = [(Peer.Ours(trainer, "tiny", "default", 4), null), (Peer.Ours(loop, "tiny", "raw", 4), null), (Peer.Lightning(lightning, "tiny", 4), null), (Peer.Python(python, "tiny", 4), null)];
        var times = Duel.Run("tiny_vs_lightning", peers, settings.Steps ?? (settings.Quick ? 200 : 2000), settings.Rounds ?? (settings.Quick ? 3 : 9), unit: "µs", scale: 1000);
        if (!times.TryGetValue(lightning, out var theirs) || !times.TryGetValue(python, out var bare)) return;
        var (ours, added) = ((times[trainer] - times[loop]) * 1000, (theirs - bare) * 1000);
        Console.WriteLine($"  added to the loop by hand: ours {ours:+0.0;-0.0} µs, Lightning's {added:+0.0;-0.0} µs: {(ours <= 0 ? "nothing" : $"1/{added / ours:0}")} (must 1/30) {(ours > added / 30 ? "MISSED" : "")}");
    }

    public static void LogTen(BenchmarkSettings settings)
    {
        List<(Peer? Peer, double? Must)> peers = [(Peer.Ours("ten logged values", "tiny", "log10", 4), null), (Peer.Ours("one logged value", "tiny", "default", 4), null)];
        Duel.Run("log_10", peers, settings.Steps ?? (settings.Quick ? 500 : 5000), settings.Rounds ?? (settings.Quick ? 3 : 15), unit: "µs", scale: 1000);
    }
}
