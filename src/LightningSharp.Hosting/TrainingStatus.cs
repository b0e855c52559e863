namespace LightningSharp.Hosting;

/// <summary>The training of this host, for endpoints, health checks and other services: get it from the container.</summary>
public sealed class TrainingStatus
{
    private readonly TaskCompletionSource<FitResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Trainer? _trainer;

    /// <summary>The Trainer; null before the run has begun. Its progress may be read from any thread.</summary>
    public Trainer? Trainer
    {
        get => _trainer;
        internal set => _trainer = value;
    }

    /// <summary>Ends with the run: with its result, or with the exception that ended it; cancelled when the host stopped before the run began.</summary>
    public Task<FitResult> Completion => _completion.Task;

    /// <summary>Ends the training after its batch with everything saved; the host goes on or stops as <see cref="HostedTrainingOptions.StopHost"/> says.</summary>
    /// <param name="reason">One line for people: why.</param>
    public void Stop(string reason) => _trainer?.Stop(reason);

    internal void End(FitResult result) => _completion.TrySetResult(result);

    internal void Fail(Exception exception)
    {
        _completion.TrySetException(exception);
        _ = _completion.Task.Exception; // seen: it is logged, and need not be awaited by anybody
    }

    internal void NeverRan() => _completion.TrySetCanceled();
}
