using System.Collections.Concurrent;
using Invoicing.Gateway.Journal;

namespace Invoicing.Gateway.Recording;

/// <summary>How far each register's clock was from ours when they were last compared, which is at every hello. Any number of threads.</summary>
/// <remarks>
/// In memory only: after a restart every register says hello again. A register that reports that its clock was set is not compared until its
/// next hello. Source: design.md 5.10.
/// </remarks>
/// <param name="time">Our clock.</param>
internal sealed class RegisterClocks(TimeProvider time)
{
    /// <summary>As many as a journal has lines; more are of registers that were never welcomed, and are forgotten.</summary>
    private const int Most = 256;

    private readonly ConcurrentDictionary<LineKey, TimeSpan> _differences = new();

    /// <summary>Takes note of a register's clock; <see langword="null"/> forgets what was known.</summary>
    public void Compare(in LineKey register, DateTimeOffset? clock)
    {
        if (clock is not { } now)
        {
            _differences.TryRemove(register, out _);
            return;
        }

        if (_differences.Count >= Most)
        {
            _differences.Clear();
        }

        _differences[register] = now - time.GetUtcNow();
    }

    /// <summary>The register's clock minus ours; <see langword="null"/> if they were not compared.</summary>
    public TimeSpan? Difference(in LineKey register) => _differences.TryGetValue(register, out TimeSpan difference) ? difference : null;
}
