using System.Collections.Concurrent;
using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Hosting.Tests;

/// <summary>Hosts of this process; SampleTests runs them as processes of their own, with real signals.</summary>
public class TrainingServiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_host_stops_when_the_training_has_ended()
    {
        using var folder = new TempFolder();
        using var host = Build(folder, run => run.Trainer.Fit(new TinyModel(), ToyData.Batches(8, 4), resume: run.Resume, cancellation: run.Cancellation));

        await Finish(host);

        var result = await Status(host).Completion;
        Assert.Equal((StopReason.MaxEpochs, 2L), (result.StopReason, result.Progress.GlobalStep));
        Assert.Equal(0, Environment.ExitCode);
    }

    [Fact]
    public async Task A_host_that_does_other_things_goes_on_after_the_training()
    {
        using var folder = new TempFolder();
        using var host = Build(folder, run => run.Trainer.Fit(new TinyModel(), ToyData.Batches(8, 4)), options => options.StopHost = false);

        await host.StartAsync(TestContext.Current.CancellationToken);
        await Status(host).Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stopping_the_host_ends_the_run_after_its_batch_with_everything_saved_and_the_next_host_goes_on()
    {
        using var folder = new TempFolder();
        using var begun = new ManualResetEventSlim();
        using (var host = Build(folder, run => run.Trainer.Fit(new Slow(begun), ToyData.Batches(40, 4), resume: run.Resume, cancellation: run.Cancellation), epochs: 500))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.True(begun.Wait(Patience, TestContext.Current.CancellationToken));

            await host.StopAsync(TestContext.Current.CancellationToken);

            var result = await Status(host).Completion;
            Assert.Equal((StopReason.Canceled, ExitCodes.StoppedEarly), (result.StopReason, Environment.ExitCode));
            Assert.True(File.Exists(result.BestCheckpoint));
            using var next = Build(folder, run => run.Trainer.Fit(new TinyModel(), ToyData.Batches(40, 4), resume: run.Resume), epochs: result.Progress.Epoch + 1);
            await Finish(next);
            var resumed = await Status(next).Completion;
            Assert.Equal(result.BestCheckpoint, Status(next).Trainer!.ResumedFrom);
            Assert.Equal(10L * (result.Progress.Epoch + 1), resumed.Progress.GlobalStep);
        }
    }

    [Fact]
    public async Task A_batch_that_does_not_end_is_given_up_and_the_step_before_it_saved_within_the_hosts_time()
    {
        using var folder = new TempFolder();
        using var stuck = new Stuck();
        using var host = Build(
            folder, run => run.Trainer.Fit(stuck, ToyData.Batches(40, 4), cancellation: run.Cancellation), shutdown: TimeSpan.FromSeconds(3));
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(stuck.Begun.Wait(Patience, TestContext.Current.CancellationToken));

        await host.StopAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var code = Environment.ExitCode;
        stuck.Release.Set();
        await Status(host).Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var texts = string.Join('\n', Log(host).Texts);
        var saved = Directory.EnumerateFiles(folder.Path, "emergency.ckpt", SearchOption.AllDirectories).FirstOrDefault();
        Assert.True(saved is not null, texts);
        Assert.Contains("saved the state after step 3", texts, StringComparison.Ordinal);
        Assert.True(code == ExitCodes.StoppedEarly, texts);
        var again = new Trainer(Options(folder, 1)).Fit(new TinyModel(), ToyData.Batches(40, 4), resume: saved);
        Assert.Equal(10, again.Progress.GlobalStep);
    }

    [Fact]
    public async Task A_training_that_fails_is_logged_gives_its_exit_code_and_stops_the_host()
    {
        using var folder = new TempFolder();
        using var host = Build(folder, run => run.Trainer.Fit(new TinyModel(), new List<(Tensor, Tensor)>()));

        await Finish(host);

        Assert.Equal(ExitCodes.Usage, Environment.ExitCode);
        Assert.Contains(Log(host).Texts, text => text.Contains("Training has failed", StringComparison.Ordinal) && text.Contains("no batches", StringComparison.Ordinal));
        await Assert.ThrowsAsync<MisconfigurationException>(() => Status(host).Completion);
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task Settings_that_cannot_work_are_an_error_before_anything_runs()
    {
        using var folder = new TempFolder();
        var ran = false;
        using var host = Build(folder, run =>
        {
            ran = true;
            return run.Trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        }, settings: [("Training:MaxEpoch", "3")]);

        await Finish(host);

        Assert.False(ran);
        Assert.Equal(ExitCodes.Usage, Environment.ExitCode);
        Assert.Contains(Log(host).Texts, text => text.Contains("Did you mean 'MaxEpochs'?", StringComparison.Ordinal));
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task Messages_of_the_Trainer_reach_the_hosts_loggers_with_their_ids()
    {
        using var folder = new TempFolder();
        using var host = Build(folder, run => run.Trainer.Fit(new SkipsAll(), ToyData.Batches(8, 4)));

        await Finish(host);

        Assert.Contains(Log(host).Texts, text => text.Contains("LightningSharp|SkippedBatch|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_training_with_a_constructor_gets_its_services_from_a_scope_that_ends_with_the_run()
    {
        using var folder = new TempFolder();
        var builder = Builder(folder, 1, []);
        builder.Services.AddScoped<Ends>();
        builder.Services.AddTraining<NeedsService>(options => options.Trainer = (_, trainer) => trainer with { Console = ConsoleMode.Quiet, EnableProgressBar = false, EnableModelSummary = false });
        using var host = builder.Build();

        await Finish(host);

        Assert.Equal(2, (await Status(host).Completion).Progress.GlobalStep);
        Assert.True(NeedsService.Service!.Ended);
    }

    [Fact]
    public async Task Another_service_can_end_the_training()
    {
        using var folder = new TempFolder();
        using var begun = new ManualResetEventSlim();
        using var host = Build(folder, run => run.Trainer.Fit(new Slow(begun), ToyData.Batches(40, 4)), epochs: 500);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(begun.Wait(Patience, TestContext.Current.CancellationToken));

        Status(host).Stop("enough");

        var result = await Status(host).Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((StopReason.Requested, "enough"), (result.StopReason, result.StopMessage));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_second_training_in_one_host_is_refused()
    {
        var services = new ServiceCollection().AddTraining(run => run.Trainer.Fit(new TinyModel(), ToyData.Batches(4, 4)));

        var error = Assert.Throws<InvalidOperationException>(() => services.AddTraining(run => run.Trainer.Fit(new TinyModel(), ToyData.Batches(4, 4))));

        Assert.Contains("one training per host", error.Message, StringComparison.Ordinal);
    }

    // As Run does, without disposing of the container.
    private static async Task Finish(IHost host)
    {
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private static IHost Build(
        TempFolder folder, Func<HostedRun, FitResult> fit, Action<HostedTrainingOptions>? configure = null, int epochs = 1, TimeSpan? shutdown = null, (string Key, string Value)[]? settings = null)
    {
        var builder = Builder(folder, epochs, settings ?? []);
        if (shutdown is { } time) builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = time);
        builder.Services.AddTraining(fit, options =>
        {
            options.Trainer = (_, trainer) => Quiet(trainer);
            configure?.Invoke(options);
        });
        return builder.Build();
    }

    private static HostApplicationBuilder Builder(TempFolder folder, int epochs, (string Key, string Value)[] settings)
    {
        Environment.ExitCode = 0;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
        [
            new("Training:MaxEpochs", epochs.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("Training:DefaultRootDir", folder.Path),
            .. settings.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value)),
        ]);
        builder.Services.AddSingleton<ILoggerProvider, KeepsTexts>();
        return builder;
    }

    private static TrainerOptions Options(TempFolder folder, int epochs) => Quiet(new() { DefaultRootDir = folder.Path, MaxEpochs = epochs });

    private static TrainerOptions Quiet(TrainerOptions options)
        => options with { Accelerator = Accelerator.Cpu, Console = ConsoleMode.Quiet, EnableProgressBar = false, EnableModelSummary = false, Callbacks = [new ModelCheckpoint()] };

    private static TrainingStatus Status(IHost host) => host.Services.GetRequiredService<TrainingStatus>();

    private static KeepsTexts Log(IHost host) => (KeepsTexts)host.Services.GetRequiredService<ILoggerProvider>();

    private sealed class KeepsTexts : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _texts = [];

        public IReadOnlyCollection<string> Texts => _texts;

        public ILogger CreateLogger(string categoryName) => new One(categoryName, _texts);

        public void Dispose()
        {
        }

        private sealed class One(string category, ConcurrentQueue<string> texts) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
                => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
                => texts.Enqueue($"{category}|{eventId.Name}|{formatter(state, exception)}|{exception?.Message}");
        }
    }

    private sealed class Slow(ManualResetEventSlim begun) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (Trainer.GlobalStep >= 3) begun.Set();
            Thread.Sleep(2);
            return Loss(batch);
        }
    }

    private sealed class Stuck : TinyModel
    {
        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (Trainer.GlobalStep == 3)
            {
                Begun.Set();
                Release.Wait();
            }

            return Loss(batch);
        }
    }

    private sealed class SkipsAll : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => null;
    }

    private sealed class Ends : IDisposable
    {
        public bool Ended { get; private set; }

        public void Dispose() => Ended = true;
    }

    private sealed class NeedsService(Ends service) : ITraining
    {
        public static Ends? Service { get; private set; }

        public FitResult Fit(HostedRun run)
        {
            Service = service;
            return run.Trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        }
    }
}
