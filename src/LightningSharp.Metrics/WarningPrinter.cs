using Microsoft.Extensions.Logging;

namespace LightningSharp.Metrics;

/// <summary>Warnings as lines on the error stream, until the application sets a logger.</summary>
internal sealed class WarningPrinter : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) System.Console.Error.WriteLine($"{logLevel}: {formatter(state, exception)}");
    }
}
