using System.Diagnostics;
using LightningSharp.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Faults;

/// <summary>Deaths that nothing can catch; the flight record must tell about them.</summary>
internal static class DeathCases
{
    public static int DieWithRecord(string how, string folder)
    {
        using var record = FlightRecord.Open(folder);
        using var memory = new MemoryWatch();
        memory.Read();
        record.Update(memory);
        record.Saved("/runs/a/last.ckpt");
        record.Update(RunPhase.Train, epoch: 3, step: 1234, batch: 17);
        if (how == "sigsegv") jit.compile("def f(x: Tensor):\n  return x\n").invoke("missing", ones(1));
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
        return 3;
    }

    public static int HoldRecord(string folder)
    {
        using var record = FlightRecord.Open(folder);
        System.Console.WriteLine("holding");
        System.Console.ReadLine();
        return 0;
    }
}
