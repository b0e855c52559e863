using System.Runtime.ExceptionServices;

namespace LightningSharp.Native;

/// <summary>The thread that a guarded run steps on, seen from the thread that waits for it.</summary>
internal sealed class StepThread(Action body)
{
    // As much as a main thread usually has, so that deep models run here as they do there; only what is used is ever resident.
    private const int StackSize = 16 * 1024 * 1024;
    private const int MostTries = 64;

    private readonly ManualResetEventSlim _done = new(false, spinCount: 0);
    private readonly SemaphoreSlim _decided = new(0);
    private readonly ManualResetEventSlim _release = new(false, spinCount: 0);
    private bool _accepted;
    private bool _takesAny;
    private ExceptionDispatchInfo? _thrown;
    private NativeFaultException? _fault;

    public void Run()
    {
        IntraOpThreads.LetHelpersGo(); // this thread waits from here on
        var thread = StartOnMainArena();
        WaitFor(thread);
        if (_fault is not null) throw _fault;
        thread.Join();
        _thrown?.Throw();
    }

    // The C library hands arenas to new threads in turn. A thread that ended would give its arena to the next one, so those turned down wait until one is right.
    private Thread StartOnMainArena()
    {
        var turnedDown = new List<Thread>();
        while (true)
        {
            _takesAny = turnedDown.Count == MostTries;

            // Culture and AsyncLocal values of the caller flow into the new thread by themselves.
            var thread = new Thread(Main, StackSize) { IsBackground = true, Name = "LightningSharp step", Priority = Thread.CurrentThread.Priority };
            thread.Start();
            _decided.Wait();
            if (!_accepted)
            {
                turnedDown.Add(thread);
                continue;
            }

            _release.Set();
            foreach (var other in turnedDown) other.Join();
            return thread;
        }
    }

    private void Main()
    {
        var accepted = _accepted = _takesAny || MainArena.IsMine();
        _decided.Release();
        if (!accepted)
        {
            _release.Wait();
            return;
        }

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
