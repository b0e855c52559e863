using System.Runtime.ExceptionServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Steps the native LBFGS with a closure of user code. An exception may not cross native frames (it would end the process): it is kept, the step is played out on the last loss, the
/// weights are put back, and then it goes on to the caller.
/// </summary>
internal static class GuardedClosure
{
    public static void Step(LBFGS optimizer, IReadOnlyList<Parameter> parameters, Func<Tensor> closure)
    {
        ExceptionDispatchInfo? failure = null;
        var before = Copy(parameters);
        var loss = optimizer.step(() => Evaluate(closure, ref failure)); // no scope here: the batch's loss outlives the step
        loss?.Dispose();
        using (no_grad())
        {
            for (var i = 0; i < before.Length; i++)
            {
                if (failure is not null) parameters[i].copy_(before[i]);
                before[i].Dispose();
            }
        }

        failure?.Throw();
    }

    private static Tensor Evaluate(Func<Tensor> closure, ref ExceptionDispatchInfo? failure)
    {
        if (failure is null)
        {
            try
            {
                return closure().alias(); // LBFGS's wrapper takes what it is given
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }

        return zeros(1);
    }

    private static Tensor[] Copy(IReadOnlyList<Parameter> parameters)
    {
        using var noGrad = no_grad();
        return [.. parameters.Select(parameter => parameter.clone())];
    }
}
