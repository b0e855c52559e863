namespace LightningSharp.Checkpointing;

/// <summary>
/// Writes checkpoints behind the training. <see cref="Save"/> copies all tensors and returns; the bytes are written on a thread of their own, durably, one file at a time.
/// An error is reported at once and, by policy, thrown once by the next call. A process that ends normally waits for the file in work.
/// Use it from one thread.
/// </summary>
/// <param name="policy">Whether an error is thrown by the next call, or only reported.</param>
/// <param name="report">Told about every error, on the writing thread, at once; null for nobody.</param>
public sealed class BackgroundCheckpointWriter(SaveErrorPolicy policy = SaveErrorPolicy.Throw, Action<CheckpointException>? report = null) : IDisposable
{
    private readonly DurableFile _files = DurableFile.Default;
    private Task? _current;
    private volatile CheckpointException? _error;

    internal BackgroundCheckpointWriter(DurableFile files, SaveErrorPolicy policy, Action<CheckpointException>? report)
        : this(policy, report) => _files = files;

    /// <summary>Whether a file is being written now.</summary>
    public bool IsSaving => _current is { IsCompleted: false };

    internal bool HasFailed => _error is not null;

    /// <summary>
    /// Copies the values as they are now and starts to write them. Waits first for a save that is still in work, so that there is never more than one copy in memory.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="root">Plain data, as for <see cref="CheckpointFile.Write{TValue}(string, IReadOnlyDictionary{string, TValue}, CheckpointWriteOptions?)"/>.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="afterwards">Runs on the writing thread once the file is durable (delete an older one, update a link); its errors count as the save's.</param>
    /// <returns>Completes when the file is durable, and fails with the error of this save. It need not be awaited: errors come out anyway.</returns>
    /// <exception cref="CheckpointException">An earlier save failed (once, by policy; this one is not begun then), or a value is no plain data.</exception>
    public Task Save(string path, IReadOnlyDictionary<string, object?> root, CheckpointWriteOptions? options = null, Action? afterwards = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(root);
        Wait();
        var plan = WritePlan.Of(root);
        try
        {
            plan.Snapshot();
        }
        catch
        {
            plan.Dispose();
            throw;
        }

        var full = Path.GetFullPath(path); // the current folder may change before the thread looks at it
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _current = done.Task;

        // A foreground thread: the process does not end in the middle of a file.
        new Thread(() => Run(full, plan, options, afterwards, done)) { Name = "checkpoint writer", IsBackground = false }.Start();
        return done.Task;
    }

    /// <summary>Waits until nothing is being written, and throws the error that no call has thrown yet.</summary>
    /// <exception cref="CheckpointException">The save that was in work failed, and the policy is <see cref="SaveErrorPolicy.Throw"/>.</exception>
    public void Wait()
    {
        ((IAsyncResult?)_current)?.AsyncWaitHandle.WaitOne();
        _current = null;
        if (Interlocked.Exchange(ref _error, null) is { } error && policy == SaveErrorPolicy.Throw)
            throw new CheckpointException($"A checkpoint that was written in the background failed. {error.Message}", error);
    }

    /// <summary>
    /// Waits until nothing is being written. An error that no call has thrown goes to the report; without one it is thrown here, because an error must not be lost.
    /// Call <see cref="Wait"/> before to have it thrown in any case.
    /// </summary>
    public void Dispose()
    {
        if (report is null) Wait();
        else ((IAsyncResult?)_current)?.AsyncWaitHandle.WaitOne();
        _current = null;
    }

    private void Run(string path, WritePlan plan, CheckpointWriteOptions? options, Action? afterwards, TaskCompletionSource done)
    {
        try
        {
            using (plan) plan.WriteTo(path, _files, options);
            afterwards?.Invoke();
            done.SetResult();
        }
        catch (Exception exception)
        {
            var error = exception as CheckpointException ?? new CheckpointException($"The checkpoint '{path}' could not be written: {exception.Message}", exception);
            _error = error;
            Report(error);
            done.SetException(error);
            _ = done.Task.Exception; // observed: it is kept in _error
        }
    }

    private void Report(CheckpointException error)
    {
        try
        {
            report?.Invoke(error);
        }
        catch (Exception)
        {
            // A broken report must not end the process from a thread of ours; the error itself is kept.
        }
    }
}
