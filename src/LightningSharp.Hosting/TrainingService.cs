using System.Globalization;
using System.Runtime.InteropServices;
using LightningSharp.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LightningSharp.Hosting;

/// <summary>
/// Ties a run to its host. The run begins when everything else has started, on a thread of its own. When the host stops, the run ends after its batch with everything saved;
/// a batch that does not end in time is given up, and the state of the step before it is saved from here.
/// </summary>
internal sealed class TrainingService(
    IServiceProvider services, HostedTrainingOptions options, TrainingStatus status, IHostApplicationLifetime lifetime, IConfiguration configuration, IOptions<HostOptions> host,
    ILoggerFactory loggers) : IHostedService, IDisposable
{
    private readonly ILogger _log = loggers.CreateLogger("LightningSharp.Hosting");
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenRegistration _started;
    private Task _run = Task.CompletedTask;
    private RunSignal? _signal;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Note(PosixSignal.SIGINT, RunSignal.Interrupt);
        Note(PosixSignal.SIGTERM, RunSignal.Terminate);
        _started = lifetime.ApplicationStarted.Register(() => _run = OwnThread.Run(Run));
        return Task.CompletedTask;
    }

    /// <summary>Ends the run in order, or saves the last step boundary when its batch does not end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _started.Unregister();
        await _cancel.CancelAsync().ConfigureAwait(false);
        var inTime = await EndsWithin(SaveAfter(), cancellationToken).ConfigureAwait(false);
        if (!inTime) SaveBoundary();
        if (!inTime && !await EndsWithin(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false)) LeaveProcessWhole();
        if (ReferenceEquals(_run, Task.CompletedTask)) status.NeverRan();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _cancel.Dispose();
    }

    private bool Run()
    {
        try
        {
            using var scope = services.CreateScope();
            var trainer = status.Trainer = new Trainer(Settings(scope.ServiceProvider));
            _log.Begins(options.Resume is null ? "fresh" : $"{options.Resume.Path ?? options.Resume.Source.ToString()}");
            var result = scope.ServiceProvider.GetRequiredService<ITraining>().Fit(new(trainer, options.Resume, scope.ServiceProvider, _cancel.Token));
            Ended(Code(result), result.StopMessage, result.FailedSaves.Count);
            status.End(result);
        }
        catch (Exception exception)
        {
            Failed(exception);
            status.Fail(exception);
        }
        finally
        {
            if (options.StopHost) lifetime.StopApplication();
        }

        return true;
    }

    private TrainerOptions Settings(IServiceProvider scope)
    {
        var read = TrainerConfiguration.Apply(new TrainerOptions { LoggerFactory = loggers }, configuration.GetSection(options.Section));
        return options.Trainer?.Invoke(scope, read) ?? read;
    }

    private void Ended(int code, string reason, int failedSaves)
    {
        if (options.SetExitCode) Environment.ExitCode = code;
        if (failedSaves > 0) _log.EndedWithLostSaves(reason, code, failedSaves);
        else _log.Ended(reason, code);
    }

    private void Failed(Exception exception)
    {
        var code = _cancel.IsCancellationRequested && exception is OperationCanceledException ? StoppedByHost() : ExitCodes.From(exception);
        if (options.SetExitCode) Environment.ExitCode = code;
        _log.Failed(exception, code);
    }

    // A host that stops has not failed, and a resume makes sense: 75, unless a signal was the reason.
    private int Code(FitResult result) => result.StopReason == StopReason.Canceled && _cancel.IsCancellationRequested ? StoppedByHost() : result.ExitCode;

    private int StoppedByHost() => (_signal ?? status.Trainer?.Signal) is { } signal ? RunSignals.ExitCode(signal) : ExitCodes.StoppedEarly;

    private void Note(PosixSignal signal, RunSignal meaning) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true; // the host's own handler stops it
        _signal ??= meaning;
    }));

    // Two thirds of the host's time, or what the Trainer allows after SIGTERM: the rest is for writing the file.
    private TimeSpan SaveAfter()
    {
        var share = host.Value.ShutdownTimeout * (2.0 / 3);
        return status.Trainer?.Options.TerminationDeadline is { } deadline && deadline < share ? deadline : share;
    }

    private async Task<bool> EndsWithin(TimeSpan time, CancellationToken cancellation)
    {
        try
        {
            await _run.WaitAsync(time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return _run.IsCompleted;
        }
    }

    private void SaveBoundary()
    {
        if (status.Trainer is not { } trainer) return;
        var path = Path.Combine(trainer.CheckpointFolder, "emergency.ckpt");
        try
        {
            if (trainer.SaveBoundary(path) is { } step) _log.SavedBoundary(step, path);
            else _log.NothingSaved();
        }
        catch (Exception exception)
        {
            _log.SaveFailed(exception);
        }
    }

    // The run is inside a native call that does not end. libtorch's destructors would crash beside it: the process ends without them, after everything of the host.
    private void LeaveProcessWhole()
    {
        var code = StoppedByHost();
        if (options.SetExitCode) Environment.ExitCode = code;
        _log.Abandoned(host.Value.ShutdownTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture), code);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (!_run.IsCompleted) ProcessExit.Now(Environment.ExitCode);
        };
    }
}
