using LightningSharp.Native;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Native;

/// <summary>Helpers of OpenMP carry the name of the thread that started them.</summary>
public sealed class OpenMpHelpersTests
{
    private const string Name = "omp-owner";

    [Fact]
    public void Helpers_that_OpenMP_keeps_for_a_thread_end_when_they_are_let_go_and_come_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && get_num_threads() > 1 && IntraOpThreads.IsAvailable, "needs Linux and two processors");

        var (before, working, after, again) = (0, 0, 0, 0);
        OnThread(() =>
        {
            before = Threads();
            LargeOperation();
            working = Threads();
            IntraOpThreads.LetHelpersGo();
            after = Threads();
            LargeOperation();
            again = Threads();
        });

        Assert.Equal(1, before);
        Assert.True(working > 1, "the operation ran on one thread");
        Assert.Equal(1, after);
        Assert.Equal(working, again);
    }

    [Fact]
    public void The_thread_that_waits_for_a_run_keeps_no_helpers_meanwhile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && get_num_threads() > 1 && IntraOpThreads.IsAvailable, "needs Linux and two processors");

        var (before, during) = (0, 0);
        OnThread(() =>
        {
            LargeOperation();
            before = Threads();
            new StepThread(() => during = Threads()).Run();
        });

        Assert.True(before > 1, "the operation ran on one thread");
        Assert.Equal(1, during);
    }

    private static void OnThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }) { Name = Name };
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private static void LargeOperation()
    {
        using var scope = NewDisposeScope();
        _ = ones(1 << 20).add(ones(1 << 20));
    }

    // A thread that has ended leaves the table a moment later.
    private static int Threads()
    {
        var count = 0;
        for (var tries = 0; tries < 100; tries++)
        {
            var now = Directory.GetDirectories("/proc/self/task").Count(IsOurs);
            if (now == count && tries > 3) return now;
            count = now;
            Thread.Sleep(10);
        }

        return count;
    }

    private static bool IsOurs(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim() == Name;
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }
}
