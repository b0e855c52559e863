using System.Diagnostics;
using LightningSharp.Native;
using LightningSharp.Tests.Native;
using TorchSharp;

namespace LightningSharp.Faults;

/// <summary>Figures for ADR 0010: nothing, the gate, and a no-collection region, under two allocating threads.</summary>
internal static class FinalizerCases
{
    private const int Steps = 3000;

    public static int Compare(string mode, int allocators)
    {
        torch.set_num_threads(1);
        _ = SmallTraining.Run(500);
        var timer = Stopwatch.StartNew();
        var quiet = SmallTraining.Run(Steps);
        var quietTime = timer.Elapsed;
        using var threads = new AllocatingThreads(allocators);
        var region = new NoCollectionRegion(256L << 20);
        var errors = 0;
        timer.Restart();
        var collections = GC.CollectionCount(0);
        var busy = "";
        var boundaries = TimeSpan.Zero;
        using (var guard = new StepGuard())
        {
            if (mode == "gate") guard.Enter();
            using var training = new SmallTraining();
            for (var i = 0; i < Steps; i++)
            {
                var entered = Stopwatch.GetTimestamp();
                if (mode == "gate") guard.Boundary();
                if (mode == "region") region.Boundary();
                boundaries += Stopwatch.GetElapsedTime(entered);
                try
                {
                    training.Step();
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    errors++;
                }
            }

            busy = training.Fingerprint();
            System.Console.WriteLine(
                $"{mode,-7} equal {busy == quiet,-5} errors {errors,3} quiet {quietTime.TotalMicroseconds / Steps:0} us/step busy {timer.Elapsed.TotalMicroseconds / Steps:0} us/step of which boundaries {boundaries.TotalMicroseconds / Steps:0.0} "
                + $"collections {GC.CollectionCount(0) - collections} openings {guard.Openings} regions {region.Started} lost {region.Lost} resident {Environment.WorkingSet >> 20} MiB");
        }

        region.End();
        return errors == 0 && busy == quiet ? 0 : 1;
    }
}
