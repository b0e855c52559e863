using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Tests.Native;

public class NativeGuardTests
{
    [Theory]
    [InlineData("matmul", "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)")]
    [InlineData("cummax", "Dimension out of range")]
    [InlineData("cummin", "Dimension out of range")]
    [InlineData("autograd-unused", "appears to not have been used in the graph")]
    [InlineData("threads-0", "Expected positive number of threads")]
    [InlineData("threads-negative", "Expected positive number of threads")]
    [InlineData("interop-twice", "cannot set number of interop threads")]
    [InlineData("rng-10-bytes", "5056")]
    [InlineData("rng-floats", "RNG state must be a torch.ByteTensor")]
    [InlineData("rng-zeros", "Invalid mt19937 state")]
    [InlineData("rng-ones", "Invalid mt19937 state")]
    [InlineData("scalar-huge", "cannot be converted to type int without overflow")]
    [InlineData("scalar-nan", "cannot be converted to type int without overflow")]
    [InlineData("custom-backward", "InvalidOperationException: from the backward")]
    [InlineData("lbfgs-closure", "InvalidOperationException: from the closure")]
    public void A_native_abort_becomes_an_exception_with_the_users_line_and_training_goes_on(string fault, string reason)
    {
        var (code, output, error) = FaultProcess.Run(fault);

        Assert.True(code == 0, $"exit code {code}\n{output}\n{error}");
        Assert.Contains(reason, output.Split('\n').First(line => line.StartsWith("message: ", StringComparison.Ordinal)));
        Assert.Contains("line: True", output);
        Assert.Contains($"TrainingStep, case {fault}", output);
        Assert.Contains("trained on", output);
    }

    [Fact]
    public void Thirty_aborts_in_one_process_leave_it_able_to_train()
    {
        var (code, output, error) = FaultProcess.Run("many-faults", "30");

        Assert.True(code == 0, output + error);
        Assert.Contains("faults: 30", output);
    }

    [Fact]
    public void Without_the_guard_the_same_call_ends_the_process()
    {
        var (code, _, error) = FaultProcess.Run("guard-off");

        Assert.Equal(134, code);
        Assert.Contains("terminate called after throwing", error);
    }

    [Fact]
    public void An_abort_on_a_thread_that_nobody_guards_says_which_thread_and_call_before_the_process_ends()
    {
        var (code, _, error) = FaultProcess.Run("fault-on-other-thread");

        Assert.Equal(134, code);
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied", error);
        Assert.Contains("somebody's thread", error);
        Assert.Contains("NativeCases", error);
    }

    [Fact]
    public void An_exception_of_the_user_arrives_unchanged_with_its_own_stack()
    {
        var thrown = new InvalidOperationException("mine");

        var caught = Assert.Throws<InvalidOperationException>(() => NativeGuard.Run(() => ThrowFromTheUser(thrown)));

        Assert.Same(thrown, caught);
        Assert.Contains(nameof(ThrowFromTheUser), caught.StackTrace);
    }

    [Fact]
    public void The_work_runs_on_a_thread_of_its_own_and_the_caller_waits_for_it()
    {
        var threads = (Caller: Environment.CurrentManagedThreadId, Step: 0);

        NativeGuard.Run(() => threads.Step = Environment.CurrentManagedThreadId);

        Assert.NotEqual(0, threads.Step);
        Assert.NotEqual(threads.Caller, threads.Step);
    }

    [Fact]
    public void A_run_inside_a_guarded_run_stays_on_its_thread()
    {
        var threads = (Outer: 0, Inner: 0);

        NativeGuard.Run(() =>
        {
            threads.Outer = Environment.CurrentManagedThreadId;
            NativeGuard.Run(() => threads.Inner = Environment.CurrentManagedThreadId);
        });

        Assert.Equal(threads.Outer, threads.Inner);
    }

    [Fact]
    public void Thread_counts_and_random_numbers_are_the_same_there_as_on_the_calling_thread()
    {
        torch.manual_seed(3);
        var here = Draw();
        var threads = torch.get_num_threads();
        var there = (Value: 0f, Threads: 0);

        torch.manual_seed(3);
        NativeGuard.Run(() => there = (Draw(), torch.get_num_threads()));

        Assert.Equal((here, threads), there);
    }

    [Fact]
    public void Values_that_flow_with_the_call_and_the_culture_reach_the_step_thread()
    {
        var flowing = new AsyncLocal<string> { Value = "here" };
        string? seen = null;

        NativeGuard.Run(() => seen = flowing.Value);

        Assert.Equal("here", seen);
    }

    [Fact]
    public void Interrupting_the_waiting_caller_interrupts_the_work()
    {
        Exception? seen = null;
        var started = new ManualResetEventSlim();
        var caller = new Thread(() => seen = Record.Exception(() => NativeGuard.Run(() =>
        {
            started.Set();
            Thread.Sleep(Timeout.Infinite);
        })));
        caller.Start();

        started.Wait(TestContext.Current.CancellationToken);
        caller.Interrupt();

        Assert.True(caller.Join(TimeSpan.FromSeconds(20)));
        Assert.IsType<ThreadInterruptedException>(seen);
    }

    [Fact]
    public void A_hundred_runs_leave_no_threads_behind()
    {
        NativeGuard.Run(() => { });
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var before = process.Threads.Count;

        for (var i = 0; i < 100; i++) NativeGuard.Run(() => { });

        process.Refresh();
        Assert.InRange(process.Threads.Count, 0, before + 5); // the thread pool may grow meanwhile
    }

    private static float Draw()
    {
        using var scope = torch.NewDisposeScope();
        return torch.rand(1).item<float>();
    }

    private static void ThrowFromTheUser(Exception exception) => throw exception;
}
