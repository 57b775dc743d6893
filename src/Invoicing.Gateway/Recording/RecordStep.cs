using Invoicing.Gateway.Journal;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Recording;

/// <summary>Decides what becomes of a register's record, from where its line stands. Pure.</summary>
/// <remarks>
/// In this order: a record that is known gets its first outcome, whatever has happened to its line since; what contradicts a known record
/// is kept; only then does the line's own state count. Source: TLK/1 rules 3 to 5, 10 and 11.
/// </remarks>
internal static class RecordStep
{
    public const string NotWelcomed = "the register has not been welcomed, so its history is not known";

    public const string Retired = "a newer journal of this register has been welcomed; records of the old one are no longer taken";

    /// <summary>Decides.</summary>
    /// <param name="line">Where the line stands; <see langword="null"/> if it is not known.</param>
    /// <param name="sequence">The record's sequence.</param>
    /// <param name="hash">The record's hash.</param>
    /// <param name="known">What is stored under the key; asked for if the sequence is not above the line's last.</param>
    /// <param name="isKnownConflict">Whether this very content was kept as a conflict before.</param>
    public static RecordDecision Decide(LineState? line, ulong sequence, in Sha256Hash hash, StoredRecord? known, bool isKnownConflict)
    {
        if (line is null)
        {
            return new RecordDecision.Refuse(NotWelcomed);
        }

        if (known is { } first)
        {
            return first.Hash == hash ? new RecordDecision.Repeat(first)
                : isKnownConflict ? new RecordDecision.KnownConflict(first.Hash)
                : new RecordDecision.Conflict(first.Hash, first.Position);
        }

        if (sequence <= line.BaseSequence)
        {
            return sequence != line.BaseSequence || line.BaseHash is not { } baseHash || baseHash == hash ? RecordDecision.Elsewhere.Instance
                : isKnownConflict ? new RecordDecision.KnownConflict(baseHash)
                : new RecordDecision.Conflict(baseHash, Position: null);
        }

        return line.IsRetired ? new RecordDecision.Refuse(Retired)
            : line.Stopped is { } reason ? new RecordDecision.Refuse(reason)
            : sequence > line.LastSequence + 1 ? new RecordDecision.Gap(line.LastSequence + 1)
            : RecordDecision.Enter.Instance; // next, or declared lost and found after all: the sale is real
    }
}
