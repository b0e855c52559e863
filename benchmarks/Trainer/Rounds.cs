using System.Diagnostics;

namespace LightningSharp.Benchmarks;

/// <summary>Two rivals timed in turns within one process, so that whatever disturbs the machine disturbs both.</summary>
internal static class Rounds
{
    private const double Slice = 0.02;

    public static void Compare(string name, Action peer, Action ours, double? must, int rounds = 9)
    {
        Warm(peer);
        Warm(ours);
        var (peerRepeats, ourRepeats) = (Repeats(peer), Repeats(ours));
        List<double> peerTimes = [], ourTimes = [], ratios = [];
        for (var round = 0; round < rounds; round++)
        {
            Settle();
            var a = Time(peer, peerRepeats);
            Settle();
            var b = Time(ours, ourRepeats);
            peerTimes.Add(a);
            ourTimes.Add(b);
            ratios.Add(b / a);
        }

        ratios.Sort();
        var ratio = ratios[rounds / 2];
        System.Console.WriteLine(
            $"{name,-34} {Median(peerTimes),12:0.0} {Median(ourTimes),12:0.0} {ratio,8:0.000} {ratios[rounds / 4],8:0.000} {ratios[rounds * 3 / 4],8:0.000} {must,7:0.00}  {(ratio > must ? "MISSED" : "")}");
    }

    // Until the runtime has compiled the hot methods for the second time, which it does in the background, a tenth of a second after the last first compilation.
    private static void Warm(Action action)
    {
        for (var i = 0; i < 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            do action();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.1);
            Thread.Sleep(150);
        }
    }

    // What one rival left to the collector and to the finalizer thread must not run in the other's time.
    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    public static void Header(string title)
    {
        System.Console.WriteLine();
        System.Console.WriteLine($"{title,-34} {"peer µs",12} {"ours µs",11} {"ratio",8} {"q1",8} {"q3",8} {"must",7}");
    }

    private static int Repeats(Action action)
    {
        for (var i = 0; i < 3; i++) action();
        var once = Time(action, 3) / 1e6;
        return Math.Clamp((int)(Slice / once), 1, 10_000);
    }

    private static double Time(Action action, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / repeats;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
