using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>
/// Takes what a register says only when it said it twice. A frame's check is a sum, which two bytes that change together pass unseen, and a
/// register that restarted between two requests moves on by a line that nobody saw: a single reading proves nothing.
/// </summary>
internal static class SureReading
{
    /// <summary>Most readings: on a line on which not two of five agree, nothing can be trusted.</summary>
    public const int MaxReadings = 5;

    /// <summary>Reads until two readings agree.</summary>
    /// <param name="line">The line's name.</param>
    /// <param name="what">What is read, for people.</param>
    /// <param name="read">Reads once; <see langword="null"/> ends the reading: the register does not say it now.</param>
    /// <param name="agree">Whether two readings say the same.</param>
    /// <returns>The reading; <see langword="null"/> if the register does not say it now.</returns>
    /// <exception cref="RegisterTroubleException">No two readings agree.</exception>
    public static Task<T?> TwiceAsync<T>(string line, string what, Func<Task<T?>> read, Func<T, T, bool> agree)
        where T : class => TwiceAsync(line, what, [], read, agree);

    /// <summary>Reads until two readings agree.</summary>
    /// <param name="line">The line's name.</param>
    /// <param name="what">What is read, for people.</param>
    /// <param name="seen">Readings that there are already; what is read is added.</param>
    /// <param name="read">Reads once; <see langword="null"/> ends the reading: the register does not say it now.</param>
    /// <param name="agree">Whether two readings say the same.</param>
    /// <returns>The reading; <see langword="null"/> if the register does not say it now.</returns>
    /// <exception cref="RegisterTroubleException">No two readings agree.</exception>
    public static async Task<T?> TwiceAsync<T>(string line, string what, List<T> seen, Func<Task<T?>> read, Func<T, T, bool> agree)
        where T : class
    {
        for (int i = 0; i < MaxReadings; i++)
        {
            if (await read().ConfigureAwait(false) is not { } reading)
            {
                return null;
            }

            if (seen.Exists(other => agree(other, reading)))
            {
                seen.Clear();
                return reading;
            }

            seen.Add(reading);
        }

        seen.Clear();
        throw new RegisterTroubleException(
            $"{line}: expected two readings of {what} that agree, found {MaxReadings} that differ; look at the cable, its shield and its length");
    }

    /// <summary>Reads a document until two readings agree.</summary>
    /// <param name="line">The line's name.</param>
    /// <param name="number">The document's number.</param>
    /// <param name="seen">Readings of it, which may be of connections before this one; what is read is added.</param>
    /// <param name="read">Reads once.</param>
    /// <exception cref="RegisterTroubleException">No two readings agree.</exception>
    public static async Task<JournalAnswer> ReadAsync(string line, ulong number, List<JournalAnswer> seen, Func<Task<JournalAnswer>> read) =>
        await TwiceAsync(
            line,
            $"document {number}",
            seen,
            async () => await read().ConfigureAwait(false) is { } answer and not JournalAnswer.NotNow ? answer : null,
            Agree).ConfigureAwait(false) ?? JournalAnswer.NotNow.Answer;

    private static bool Agree(JournalAnswer one, JournalAnswer other) => (one, other) switch
    {
        (JournalAnswer.Found { Document: var first }, JournalAnswer.Found { Document: var second }) => first.Bytes.AsSpan().SequenceEqual(second.Bytes),
        (JournalAnswer.Missing first, JournalAnswer.Missing second) => first.Next == second.Next,
        _ => false,
    };
}
