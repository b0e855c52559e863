using LightningSharp.Diagnostics;
using static TorchSharp.torch;

namespace LightningSharp.Faults;

/// <summary>A run that listens to signals as the Trainer does, for the tests to kill.</summary>
internal static class SignalCases
{
    public static int Train(string mode)
    {
        RunSignal? stop = null;
        var deadline = TimeSpan.FromMilliseconds(300);
        using (RunSignals.Start(Tell, () => System.Console.WriteLine("emergency save"), mode == "native" ? deadline : null))
        {
            System.Console.WriteLine("ready");
            if (mode == "native") LongNativeCall();
            while (stop is null || mode == "stubborn") Thread.Sleep(10);
        }

        System.Console.WriteLine("saved");
        return RunSignals.ExitCode(stop!.Value);

        void Tell(RunSignal signal)
        {
            System.Console.WriteLine($"signal {signal}");
            if (signal != RunSignal.User) stop = signal;
        }
    }

    // Many seconds inside one call: no managed code of this thread runs meanwhile.
    private static void LongNativeCall()
    {
        using var a = rand(4000, 4000, dtype: ScalarType.Float64);
        _ = linalg.eigvals(a);
    }
}
