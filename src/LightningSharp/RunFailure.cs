using System.Globalization;
using System.Runtime.InteropServices;
using LightningSharp.Diagnostics;
using TorchSharp;

namespace LightningSharp;

/// <summary>Where an exception was thrown, noted before anything is unwound: stage, hook and the shapes of the batch, whose tensors are still alive then.</summary>
internal sealed record RunFailure(Exception Exception, string Place, string Shapes, long LiveTensors)
{
    private static readonly string[] OutOfMemory = ["not enough memory", "can't allocate memory", "out of memory", "bad_alloc"];

    /// <summary>The exception for the user: libtorch's errors name no place in the user's program, so it is added. Everything else passes unchanged.</summary>
    public Exception Shown(string? memory, string? lastSaved, string? hint = null)
    {
        switch (Exception)
        {
            case NativeFaultException fault:
                (fault.Where, fault.LastCheckpoint) = (Place, lastSaved);
                return IsOutOfMemory(fault.NativeMessage) ? NoMemory(fault.NativeMessage, memory) : fault;
            case OutOfMemoryException:
                return NoMemory(Exception.Message, memory);
            case InvalidOperationException when Exception.Message.StartsWith("Tensor invalid", StringComparison.Ordinal): // TorchSharp's words for a freed handle
                return new StepException(
                    $"A tensor or module that was disposed is used in {Place}. Something freed a batch, a weight or a kept value too early: leave the tensors of a batch and the module itself to the Trainer "
                    + "while a run lasts, keep a value of a step with Keep(tensor), and build modules outside of dispose scopes.",
                    Exception);
            case ExternalException:
                var text = Exception.Message.Split('\n')[0];
                return IsOutOfMemory(text)
                    ? NoMemory(text, memory)
                    : new StepException($"libtorch refused an operation in {Place}: {text.TrimEnd('.', ' ')}.{(Shapes.Length == 0 ? string.Empty : $" The batch is {Shapes}.")}{hint}", Exception);
            default:
                return Exception;
        }
    }

    private static bool IsOutOfMemory(string text) => OutOfMemory.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase));

    private TrainingOutOfMemoryException NoMemory(string text, string? memory) => new(
        string.Create(CultureInfo.InvariantCulture, $"There is not enough memory in {Place}.\n  reason   {text}\n  memory   {memory ?? "not watched"}, {LiveTensors} tensors of the step's thread alive\n")
        + (Shapes.Length == 0 ? string.Empty : $"  batch    {Shapes}\n")
        + "  fix      a smaller batch size (AccumulateGradBatches = 2 with half of it trains the same), evaluation in smaller batches, or LeakCheck = true to find tensors that steps keep. "
        + "The process is unharmed and can train again.",
        Exception);
}
