using System.Runtime.CompilerServices;

namespace Invoicing.Testing;

/// <summary>Every await in a test goes through here, so that a hang becomes a failure that names its line.</summary>
public static class Waiting
{
    /// <summary>Longest a test waits for one thing: ten seconds, generous for two shared cores.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<T> Soon<T>(
        this Task<T> task, TimeSpan? limit = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        await Soon((Task)task, limit, file, line);
        return await task;
    }

    public static Task<T> Soon<T>(
        this ValueTask<T> task, TimeSpan? limit = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        task.AsTask().Soon(limit, file, line);

    public static async Task Soon(
        this Task task, TimeSpan? limit = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        using var stop = new CancellationTokenSource();
        if (await Task.WhenAny(task, Task.Delay(limit ?? Limit, TimeProvider.System, stop.Token)) != task)
        {
            throw new TimeoutException($"Not done after {limit ?? Limit} at {Path.GetFileName(file)}:{line}");
        }

        await stop.CancelAsync();
        await task;
    }

    /// <summary>Polls until the condition holds; for things that live in another process or thread and signal nobody.</summary>
    public static async Task Until(
        Func<bool> condition, string what, TimeSpan? limit = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(condition);
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (limit ?? Limit))
            {
                throw new TimeoutException($"Still not {what} after {limit ?? Limit} at {Path.GetFileName(file)}:{line}");
            }

            await Task.Delay(10);
        }
    }
}
