using Microsoft.Extensions.Logging;

namespace LightningSharp.Tests.Reliability;

/// <summary>Keeps what the Trainer says to people.</summary>
internal sealed class RecordedMessages : ILoggerFactory, ILogger
{
    private readonly List<string> _texts = [];

    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_texts) return [.. _texts];
        }
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_texts) _texts.Add(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
