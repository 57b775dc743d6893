using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Invoicing.Authority.Tests.Hosting;

/// <summary>A test fails on unexpected lines of level Error or Critical.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _all = new();

    /// <summary>Set by a test that provokes an error on purpose.</summary>
    public bool ExpectsErrors { get; set; }

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>All lines from level Information on, each with its event's id before it.</summary>
    public IReadOnlyCollection<string> All => _all;

    public void Add(string line) => _lines.Enqueue(line);

    public void AssertQuiet()
    {
        if (!ExpectsErrors)
        {
            Assert.Empty(_lines);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _all.Enqueue($"{eventId.Id} {formatter(state, exception)}");
        }

        if (logLevel >= LogLevel.Error)
        {
            _lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
