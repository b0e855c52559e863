using Microsoft.Extensions.Logging;

namespace LightningSharp.Tests.Support;

/// <summary>Keeps what the library says to people.</summary>
public sealed class ListLog : ILoggerFactory, ILogger
{
    public List<(LogLevel Level, int Id, string Text)> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines) Lines.Add((logLevel, eventId.Id, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
