namespace LightningSharp.Data.Reading;

/// <summary>Brings everything that follows an <c>await</c> back to the thread that waits for it.</summary>
/// <param name="patience">How long a task may go on once it should stop.</param>
/// <param name="stop">Set when it should.</param>
internal sealed class OneThread(TimeSpan patience, CancellationToken stop) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Work, object? State)> _queue = [];
    private readonly object _monitor = new();

    /// <summary>Whether a task did not end when it should: its thread is needed no more, what it posts is dropped.</summary>
    public bool HasGivenUp { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_monitor)
        {
            _queue.Enqueue((d, state));
            Monitor.PulseAll(_monitor);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Post the work instead: a caller that waits for this thread could wait for itself.");

    /// <summary>Works off what is posted until the task has ended.</summary>
    public T Wait<T>(Task<T> task)
    {
        Wait((Task)task);
        return task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Wait{T}(Task{T})"/>
    public void Wait(Task task)
    {
        using var wake = stop.UnsafeRegister(static context => ((OneThread)context!).Pulse(), this);   // never null: passed here
        _ = task.ContinueWith(static (_, context) => ((OneThread)context!).Pulse(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        long? since = null;
        while (!task.IsCompleted)
        {
            if (stop.IsCancellationRequested)
                since ??= Environment.TickCount64;
            if (Take(task, since is not null) is { } posted)
                posted.Work(posted.State);
            else if (since is { } began && Environment.TickCount64 - began >= patience.TotalMilliseconds)
                throw GiveUp();
        }

        task.GetAwaiter().GetResult();
    }

    private (SendOrPostCallback Work, object? State)? Take(Task task, bool isStopping)
    {
        lock (_monitor)
        {
            // looked at under the lock, or a pulse between the look and the wait would be lost
            if (_queue.Count == 0 && !task.IsCompleted && (isStopping || !stop.IsCancellationRequested))
                Monitor.Wait(_monitor, isStopping ? TimeSpan.FromMilliseconds(50) : Timeout.InfiniteTimeSpan);
            return _queue.Count > 0 ? _queue.Dequeue() : null;
        }
    }

    private void Pulse()
    {
        lock (_monitor)
            Monitor.PulseAll(_monitor);
    }

    private OperationCanceledException GiveUp()
    {
        HasGivenUp = true;
        return new(stop);
    }
}
