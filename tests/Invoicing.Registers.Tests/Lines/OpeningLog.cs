using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>A line's log that tells when an attempt to open has failed.</summary>
internal sealed class OpeningLog<T> : ILogger<T>
{
    /// <summary>Event 1001 of the table in README.md: the line does not open.</summary>
    private const int DoesNotOpen = 1001;

    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done after the first attempt that failed.</summary>
    internal Task Failed => _failed.Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == DoesNotOpen)
        {
            _failed.TrySetResult();
        }
    }
}
