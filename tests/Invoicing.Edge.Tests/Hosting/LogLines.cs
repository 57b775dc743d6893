using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Invoicing.Edge.Tests.Hosting;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    /// <summary>Everything so far, in its order.</summary>
    public IReadOnlyCollection<LogLine> All => _lines;

    /// <summary>Warnings and worse so far.</summary>
    public IEnumerable<LogLine> Warnings => _lines.Where(line => line.Level >= LogLevel.Warning);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("expected no provider");

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // Nothing is held.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(new(eventId.Id, logLevel, formatter(state, exception), exception));

    internal sealed record LogLine(int Id, LogLevel Level, string Text, Exception? Exception);
}
