namespace LightningSharp.Benchmarks;

/// <summary>Several peers in turns: median per step, page faults, kernel time and memory of each, and the ratio of the first to each other one, round by round.</summary>
internal static class Duel
{
    /// <returns>Median time per step of each peer that is there, in milliseconds.</returns>
    public static Dictionary<string, double> Run(string title, IReadOnlyList<(Peer? Peer, double? Must)> all, int steps, int rounds, string unit, double scale)
    {
        var peers = all.Where(entry => entry.Peer is not null).Select(entry => (Peer: entry.Peer!, entry.Must)).ToList();
        Console.WriteLine();
        Console.WriteLine($"{title,-26} {unit + "/step",10} {"faults",9} {"system ms",10} {"MB",7} {"loss",8} {"ours ÷",8} {"q1",7} {"q3",7} {"must",6}   ({rounds} rounds of {steps}, load {ProcessCost.Load()})");
        try
        {
            Warm(peers.ConvertAll(entry => entry.Peer), steps, unit);
            var turns = peers.ConvertAll(_ => new List<Turn>());
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < peers.Count; i++) turns[(i + round) % peers.Count].Add(peers[(i + round) % peers.Count].Peer.Go(steps));
            }

            for (var i = 0; i < peers.Count; i++) Print(peers[i].Peer.Name, turns[i], i == 0 ? null : turns[0], peers[i].Must, scale);
            if (all.Count > peers.Count) Console.WriteLine("  Python's torch or Lightning: skipped: /usr/bin/python3 does not find it");
            return peers.Zip(turns).ToDictionary(entry => entry.First.Peer.Name, entry => Median(entry.Second, turn => turn.Milliseconds));
        }
        finally
        {
            peers.ForEach(entry => entry.Peer.Dispose());
        }
    }

    // Caches, heap, compiled code. Steps of microseconds are timed when the runtime has compiled the hot methods for good, which takes it some seconds beside the steps.
    private static void Warm(List<Peer> peers, int steps, string unit)
    {
        for (var turn = 0; turn < (unit == "µs" ? 6 : 1); turn++)
        {
            foreach (var peer in peers) peer.Go(Math.Max(2, steps));
        }
    }

    private static void Print(string name, List<Turn> turns, List<Turn>? ours, double? must, double scale)
    {
        var line = $"  {name,-24} {Median(turns, turn => turn.Milliseconds) * scale,10:0.0} {Median(turns, turn => turn.Faults),9:0.0} "
            + $"{Median(turns, turn => turn.SystemMilliseconds),10:0.0} {turns[^1].ResidentMegabytes,7:0} {turns[^1].Loss,8:0.0000}";
        if (ours is not null)
        {
            var ratios = ours.Zip(turns, (a, b) => a.Milliseconds / b.Milliseconds).Order().ToList();
            var ratio = ratios[ratios.Count / 2];
            line += $" {ratio,8:0.000} {ratios[ratios.Count / 4],7:0.000} {ratios[ratios.Count * 3 / 4],7:0.000}";
            if (must is { } limit) line += $" {limit,6:0.00} {(ratio <= limit ? "" : "MISSED")}";
        }

        Console.WriteLine(line);
    }

    private static double Median(List<Turn> turns, Func<Turn, double> value) => turns.Select(value).Order().ElementAt(turns.Count / 2);
}
