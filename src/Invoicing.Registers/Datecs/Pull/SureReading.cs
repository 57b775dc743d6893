using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>
/// Reads a document again when a request had to be sent again meanwhile: a register that restarted in between has forgotten its last SEQ and
/// moves on by a line that nobody saw. Two readings that agree, or one without a doubt, are taken.
/// </summary>
internal static class SureReading
{
    /// <summary>Most readings: on a line on which not two of five agree, nothing can be trusted.</summary>
    public const int MaxReadings = 5;

    /// <summary>Reads until it is sure.</summary>
    /// <exception cref="RegisterTroubleException">No two readings agree.</exception>
    public static async Task<JournalAnswer> ReadAsync(IslLink link, string line, ulong number, Func<Task<JournalAnswer>> read)
    {
        List<byte[]> seen = [];
        for (int i = 0; i < MaxReadings; i++)
        {
            long repeated = link.Repeated;
            JournalAnswer answer = await read().ConfigureAwait(false);
            if (answer is not JournalAnswer.Found { Document: var document } || link.Repeated == repeated
                || seen.Any(bytes => bytes.AsSpan().SequenceEqual(document.Bytes)))
            {
                return answer;
            }

            seen.Add(document.Bytes);
        }

        throw new RegisterTroubleException(
            $"{line}: expected two readings of document {number} that agree, found {MaxReadings} that differ; look at the cable, its shield and its length");
    }
}
