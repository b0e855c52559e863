namespace LightningSharp;

/// <summary>Runs work that must stay on one thread as a task.</summary>
internal static class OwnThread
{
    public static Task<T> Run<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (OperationCanceledException exception)
            {
                result.SetCanceled(exception.CancellationToken);
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = "LightningSharp",
        };
        thread.Start();
        return result.Task;
    }
}
