using Microsoft.Extensions.Logging;

namespace LightningSharp.Terminal;

/// <summary>
/// Writes the lines of <see cref="ILogger"/>s through the console of the run, so that they stand above the live line instead of tearing it; in
/// <see cref="ConsoleMode.Json"/> each is an event.
/// </summary>
/// <param name="mode">The console to write to: the same as <see cref="TrainerOptions.Console"/>.</param>
/// <param name="minimum">Lines below this level are left out.</param>
/// <example><code>
/// var factory = LoggerFactory.Create(logging =&gt; logging.AddProvider(new ConsoleLogProvider()));
/// var trainer = new Trainer(new() { MaxEpochs = 5, LoggerFactory = factory });
/// </code></example>
public sealed class ConsoleLogProvider(ConsoleMode mode = ConsoleMode.Auto, LogLevel minimum = LogLevel.Information) : ILoggerProvider
{
    private readonly Display? _given;

    internal ConsoleLogProvider(Display display, LogLevel minimum = LogLevel.Information)
        : this(ConsoleMode.Auto, minimum) => _given = display;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Line(_given ?? Display.For(mode), minimum, categoryName);

    /// <summary>Nothing to give back: the console belongs to the process.</summary>
    public void Dispose()
    {
    }

    private sealed class Line(Display display, LogLevel minimum, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            ArgumentNullException.ThrowIfNull(formatter);
            if (!IsEnabled(logLevel)) return;
            var text = formatter(state, exception);
            display.Log(new(logLevel, category, exception is null ? text : $"{text}\n{exception}"));
        }
    }
}
