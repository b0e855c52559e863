using System.Runtime.ExceptionServices;

namespace LightningSharp.Native;

/// <summary>The thread that a guarded run steps on, seen from the thread that waits for it.</summary>
internal sealed class StepThread(Action body)
{
    // As much as a main thread usually has, so that deep models run here as they do there; only what is used is ever resident.
    private const int StackSize = 16 * 1024 * 1024;

    private readonly ManualResetEventSlim _done = new(false, spinCount: 0);
    private ExceptionDispatchInfo? _thrown;
    private NativeFaultException? _fault;

    public void Run()
    {
        // Culture and AsyncLocal values of the caller flow into the new thread by themselves.
        var thread = new Thread(Main, StackSize) { IsBackground = true, Name = "LightningSharp step", Priority = Thread.CurrentThread.Priority };
        thread.Start();
        WaitFor(thread);
        if (_fault is not null) throw _fault;
        thread.Join();
        _thrown?.Throw();
    }

    private void Main()
    {
        NativeGuard.Guard(fault =>
        {
            _fault = fault;
            _done.Set();
        });
        try
        {
            body();
        }
        catch (Exception exception)
        {
            _thrown = ExceptionDispatchInfo.Capture(exception);
        }

        _done.Set();
    }

    private void WaitFor(Thread thread)
    {
        while (true)
        {
            try
            {
                _done.Wait();
                return;
            }
            catch (ThreadInterruptedException)
            {
                thread.Interrupt(); // meant for the work, which happens over there
            }
        }
    }
}
