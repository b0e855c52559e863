using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LightningSharp.Native;

/// <summary>
/// Turns a C++ abort on a guarded thread into a <see cref="NativeFaultException"/> on the thread that waits for it. <c>std::terminate</c> must never
/// return, so the faulting thread tells the waiting one and sleeps for ever. Costs one thread per run and nothing per step.
/// </summary>
internal static unsafe class NativeGuard
{
    private static readonly Lock Gate = new();
    private static delegate* unmanaged<void> _previous;
    private static bool _installed;
    private static int _faults;

    [ThreadStatic]
    private static Action<NativeFaultException>? _onFault;

    /// <summary>Whether this system lets aborts be caught. Windows reports them as <see cref="SEHException"/> by itself.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Whether <see cref="Run"/> would use a thread of its own: not under a debugger, where the user wants to see one unbroken stack.</summary>
    public static bool IsWanted => IsSupported && !IsGuarded && !Debugger.IsAttached && Environment.GetEnvironmentVariable("LIGHTNINGSHARP_NATIVE_GUARD") != "0";

    /// <summary>Whether the current thread is guarded already.</summary>
    public static bool IsGuarded => _onFault is not null;

    /// <summary>How many native faults this process has survived.</summary>
    public static int Faults => Volatile.Read(ref _faults);

    /// <summary>
    /// Runs <paramref name="body"/> on a guarded thread and waits for it; in place when that is not wanted. Its exceptions arrive here unchanged.
    /// </summary>
    /// <exception cref="NativeFaultException">Native code aborted; no <c>finally</c> of <paramref name="body"/> has run.</exception>
    public static void Run(Action body)
    {
        if (!IsWanted)
        {
            body();
            return;
        }

        Install();
        new StepThread(body).Run();
    }

    /// <summary>Guards the current thread, for good: a loader's worker, for example. <paramref name="onFault"/> runs on it before it falls asleep.</summary>
    public static void Guard(Action<NativeFaultException> onFault)
    {
        Install();
        _onFault = onFault;
    }

    private static void Install()
    {
        lock (Gate)
        {
            if (_installed || !IsSupported) return;
            _installed = true;
            CppException.Prepare();
            _previous = (delegate* unmanaged<void>)CppException.SetTerminateHandler(&OnTerminate);

            // A managed exception that would have to cross native frames (a custom backward, an LBFGS closure) never reaches std::terminate.
            AppDomain.CurrentDomain.UnhandledException += (_, e) =>
            {
                if (IsGuarded && e.ExceptionObject is Exception thrown)
                    Hand($"{thrown.GetType().Name}: {thrown.Message}", "The exception left a callback that native code had called.", thrown);
            };
        }
    }

    [UnmanagedCallersOnly]
    private static void OnTerminate()
    {
        string text;
        try
        {
            text = CppException.CurrentText();
        }
        catch (Exception exception)
        {
            text = $"unknown ({exception.GetType().Name} while reading the C++ exception)";
        }

        if (IsGuarded) Hand(FirstLine(text), text, null);
        Report(text);
        if (_previous is not null) _previous(); // prints what C++ always prints, and aborts
        Environment.FailFast(null);
    }

    // Tells the waiting thread and never returns.
    private static void Hand(string message, string trace, Exception? cause)
    {
        Interlocked.Increment(ref _faults);
        var stack = new StackTrace(skipFrames: 2, fNeedFileInfo: true).ToString(); // behind a managed cause: how native code was entered
        _onFault?.Invoke(new NativeFaultException(message, trace, stack, cause));
        while (true)
        {
            try
            {
                Thread.Sleep(Timeout.Infinite);
            }
            catch (ThreadInterruptedException)
            {
                // Somebody still believes that this thread works.
            }
        }
    }

    private static void Report(string text)
        => System.Console.Error.WriteLine(
            "libtorch ended the process: a C++ exception was not caught on a thread that LightningSharp does not guard.\n"
            + $"  reason     {FirstLine(text)}\n"
            + $"  thread     {Thread.CurrentThread.Name ?? Environment.CurrentManagedThreadId.ToString(System.Globalization.CultureInfo.InvariantCulture)}\n"
            + "  fix        correct the call whose stack follows, or make it inside a step or a loader.\n" + Environment.StackTrace);

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
