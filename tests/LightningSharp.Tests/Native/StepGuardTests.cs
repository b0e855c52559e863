using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Tests.Native;

public class StepGuardTests
{
    [Fact]
    public void Training_beside_two_allocating_threads_equals_the_quiet_run_bit_for_bit()
    {
        const int steps = 3000;
        var repetitions = int.TryParse(Environment.GetEnvironmentVariable("LIGHTNINGSHARP_LONG_REPETITIONS"), out var wanted) ? wanted : 1;
        var threads = torch.get_num_threads();
        torch.set_num_threads(1); // OpenMP's threads would fight the allocating ones for the cores: minutes instead of seconds
        try
        {
            var quiet = SmallTraining.Run(steps);
            var collections = GC.CollectionCount(0);

            var busy = new List<string>();
            using (new AllocatingThreads(2))
            {
                for (var i = 0; i < repetitions; i++)
                {
                    using var guard = new StepGuard();
                    guard.Enter();
                    busy.Add(SmallTraining.Run(steps, guard.Boundary));
                }
            }

            Assert.True(GC.CollectionCount(0) - collections > 100, "The threads caused no collections: nothing was injected.");
            Assert.All(busy, fingerprint => Assert.Equal(quiet, fingerprint));
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void Finalizers_do_not_run_inside_a_step_and_do_run_at_the_boundary_after_it()
    {
        using var guard = new StepGuard();
        guard.Enter();
        var finalized = new Counter();

        MakeGarbage(finalized, 100);
        GC.Collect();
        Thread.Sleep(150); // longer than the shortest interval between openings
        var during = finalized.Value;
        guard.Boundary();

        Assert.Equal(0, during);
        Assert.Equal(100, finalized.Value);
    }

    [Fact]
    public void A_step_that_waits_for_finalizers_goes_on_after_the_watchdog_opened_the_gate()
    {
        using var guard = new StepGuard();
        guard.Enter();

        var waiting = new Thread(() =>
        {
            using var own = new StepGuard();
            own.Enter();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        });
        guard.Exit();
        waiting.Start();

        Assert.True(waiting.Join(TimeSpan.FromSeconds(20)), "The step still waits for finalizers.");
    }

    [Fact]
    public void After_the_watchdog_opened_the_gate_the_next_boundary_closes_it_again()
    {
        using var guard = new StepGuard();
        guard.Enter();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var finalized = new Counter();

        guard.Boundary();
        MakeGarbage(finalized, 10);
        GC.Collect();
        Thread.Sleep(50);

        Assert.Equal(1, guard.WatchdogOpenings);
        Assert.Equal(0, finalized.Value);
    }

    [Fact]
    public void A_finalizer_of_the_user_that_takes_a_second_only_delays_the_boundary()
    {
        using var guard = new StepGuard();
        guard.Enter();
        var finalized = new Counter();

        MakeSlowGarbage(finalized);
        GC.Collect();
        Thread.Sleep(150); // longer than the shortest interval between openings
        guard.Boundary();

        Assert.Equal(1, finalized.Value);
        Assert.Equal(0, guard.WatchdogOpenings);
    }

    [Fact]
    public void Exit_twice_from_any_thread_lets_finalizers_run_again()
    {
        var guard = new StepGuard();
        guard.Enter();
        var finalized = new Counter();
        MakeGarbage(finalized, 10);

        var other = new Thread(guard.Exit);
        other.Start();
        other.Join();
        guard.Exit();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(10, finalized.Value);
    }

    [Fact]
    public void A_run_inside_a_run_leaves_the_outer_run_protected()
    {
        using var outer = new StepGuard();
        outer.Enter();
        using (var inner = new StepGuard())
        {
            inner.Enter();
            inner.Boundary();
        }

        var finalized = new Counter();
        MakeGarbage(finalized, 10);
        GC.Collect();
        Thread.Sleep(50);

        Assert.Equal(0, finalized.Value);
    }

    [Fact]
    public void Two_runs_at_once_both_get_their_finalizers_through_without_a_deadlock()
    {
        var openings = 0;
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            using var guard = new StepGuard();
            guard.Enter();
            for (var i = 0; i < 2000; i++)
            {
                guard.Boundary();
                _ = new byte[20_000].Length;
            }

            Interlocked.Add(ref openings, guard.Openings);
        })).ToArray();

        foreach (var thread in threads) thread.Start();
        var ended = threads.All(thread => thread.Join(TimeSpan.FromSeconds(60)));

        Assert.True(ended);
        Assert.True(openings > 0);
    }

    [Fact]
    public void Boundaries_collect_every_1000_steps_so_that_native_scalars_do_not_pile_up()
    {
        using var guard = new StepGuard();
        guard.Enter();

        for (var i = 0; i < 5000; i++) guard.Boundary();

        Assert.InRange(guard.Openings, 5, 50);
    }

    private static void MakeGarbage(Counter counter, int count)
    {
        for (var i = 0; i < count; i++) _ = new Finalizable(counter, TimeSpan.Zero);
    }

    private static void MakeSlowGarbage(Counter counter) => _ = new Finalizable(counter, TimeSpan.FromSeconds(1));

    private sealed class Counter
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Increment() => Interlocked.Increment(ref _value);
    }

    private sealed class Finalizable(Counter counter, TimeSpan duration)
    {
        ~Finalizable()
        {
            Thread.Sleep(duration);
            counter.Increment();
        }
    }
}
