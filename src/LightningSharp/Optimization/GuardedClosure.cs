using System.Runtime.ExceptionServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Steps the native LBFGS with a closure of user code. An exception may not cross native frames (it would end the process): it is kept, the step is ended, the weights are put back,
/// and then it goes on to the caller. A closure that returns null leaves the step out in the same way.
/// </summary>
internal static class GuardedClosure
{
    public static void Step(LBFGS optimizer, IReadOnlyList<Parameter> parameters, Func<Tensor?> closure)
    {
        ExceptionDispatchInfo? failure = null;
        var leftOut = false;
        var before = Copy(parameters);
        var loss = optimizer.step(Evaluate); // no scope here: the batch's loss outlives the step
        loss?.Dispose();
        using (no_grad())
        {
            for (var i = 0; i < before.Length; i++)
            {
                if (leftOut || failure is not null) parameters[i].copy_(before[i]);
                before[i].Dispose();
            }
        }

        failure?.Throw();

        Tensor Evaluate()
        {
            if (!leftOut && failure is null)
            {
                try
                {
                    if (closure() is { } value) return value.alias(); // LBFGS's wrapper takes what it is given
                    leftOut = true;
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            }

            foreach (var parameter in parameters) parameter.grad = null; // counts as zero, with which LBFGS is content: it ends, and its history stays finite
            return zeros(1);
        }
    }

    private static Tensor[] Copy(IReadOnlyList<Parameter> parameters)
    {
        using var noGrad = no_grad();
        return [.. parameters.Select(parameter => parameter.clone())];
    }
}
