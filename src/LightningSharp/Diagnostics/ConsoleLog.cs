using Microsoft.Extensions.Logging;

namespace LightningSharp.Diagnostics;

/// <summary>The logger without a logger factory: warnings and worse go to standard error.</summary>
internal sealed class ConsoleLog : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        System.Console.Error.WriteLine($"warning LS{eventId.Id}: {formatter(state, exception)}");
    }
}
