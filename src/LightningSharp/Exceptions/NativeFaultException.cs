using System.Text;

namespace LightningSharp;

/// <summary>
/// Native code ended in an error that it did not catch, which without LightningSharp would have ended the process: a <c>matmul</c> of shapes that do
/// not fit, for example. The model and the process live; <see cref="Exception.StackTrace"/> starts with the user's own line.
/// </summary>
/// <remarks>
/// The thread that ran into the fault sleeps for ever, with what it held (about 60 KB, and the tensors of its open dispose scope). Locks that native
/// frames held stay held. Training can go on; after twenty faults in one process, start a new one.
/// </remarks>
public class NativeFaultException : LightningException
{
    private readonly string? _stepStack;

    /// <summary>Creates the exception.</summary>
    public NativeFaultException()
    {
    }

    /// <summary>Creates the exception with what happened, what was expected and how to fix it.</summary>
    public NativeFaultException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NativeFaultException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal NativeFaultException(string nativeMessage, string nativeTrace, string? stepStack, Exception? innerException = null)
        : base(nativeMessage, innerException)
    {
        NativeMessage = nativeMessage;
        NativeTrace = nativeTrace;
        _stepStack = stepStack;
    }

    /// <summary>The first line of what libtorch said, without its C++ addresses.</summary>
    public string NativeMessage { get; } = "";

    /// <summary>All that libtorch said, its C++ frames included.</summary>
    public string NativeTrace { get; } = "";

    /// <summary>Hook, epoch and batch in which it happened, when they are known; for example <c>TrainingStep, epoch 3, batch 17</c>.</summary>
    public string? Where { get; internal set; }

    /// <summary>The last good checkpoint from which the run can go on, when there is one.</summary>
    public string? LastCheckpoint { get; internal set; }

    /// <inheritdoc/>
    public override string Message
    {
        get
        {
            if (NativeTrace.Length == 0) return base.Message;
            var text = new StringBuilder("libtorch failed in a way that it does not report as an error").Append(Where is null ? ".\n" : $" ({Where}).\n");
            text.Append("  reason     ").Append(NativeMessage).Append('\n');
            text.Append(InnerException is null
                ? "  expected   arguments that fit the operation; the stack below starts at the line that called it\n"
                : "  expected   a callback that does not throw: native code (backward of a custom function, an LBFGS closure) cannot pass it on\n");
            if (LastCheckpoint is not null) text.Append("  checkpoint ").Append(LastCheckpoint).Append('\n');
            text.Append("  fix        correct that line; the process is unharmed and can train again.");
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string? StackTrace
        => _stepStack is null ? base.StackTrace : $"{_stepStack.TrimEnd()}\n--- End of the step's own stack ---\n{base.StackTrace}";
}
