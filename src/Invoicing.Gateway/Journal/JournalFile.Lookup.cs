using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Sqlite;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Journal;

/// <content>Looking things up for corrections and day closes: rare, so it may cost some milliseconds.</content>
internal sealed partial class JournalFile
{
    /// <summary>Finds the entry that bears a code.</summary>
    /// <remarks>
    /// Codes of this chain's ranges are given in the order of grants and digits, which is the order of positions, so halving the chain finds
    /// one in some twenty reads, and no index dirties a page for each invoice. Codes that another device gave, and those of leases, which
    /// come when a register's line is back, have tables of their own.
    /// </remarks>
    /// <param name="code">The code.</param>
    /// <param name="ranges">The chain's ranges.</param>
    /// <param name="head">Last position.</param>
    /// <returns>The entry; <see langword="null"/> if this journal has none with that code.</returns>
    public SignedEntry? FindCoded(AuthorityCode code, RangeAllocation ranges, long head)
    {
        if (PlaceOf(code, ranges) is not { } wanted)
        {
            return FindRecovered(code);
        }

        if (FindLeased(code) is (true, var leased))
        {
            return leased;
        }

        (long low, long high) = (1, head);
        while (low <= high)
        {
            long middle = low + ((high - low) / 2);
            if (NextOfRanges(middle, high, ranges) is not { } found)
            {
                high = middle - 1;
                continue;
            }

            int order = found.Place.CompareTo(wanted);
            if (order == 0)
            {
                return CodeOf(found.Entry) == code ? found.Entry : null;
            }

            (low, high) = order < 0 ? (found.Entry.Position + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>Corrections of an invoice, in their order.</summary>
    public List<Correction> ReadCorrections(AuthorityCode corrected)
    {
        var positions = new List<long>();
        SqliteStatement find = _sql.FindCorrections.Bind(0, corrected.ToString());
        while (find.Step())
        {
            positions.Add(find.Number(0));
        }

        find.Reset();
        return [.. positions.Select(position => CorrectionContents.Read(Content(ReadEntry(position)!)))];
    }

    /// <summary>Sequence of the last day close of a line before a record; 0 if there was none.</summary>
    public ulong FindDayClose(long line, ulong before)
    {
        SqliteStatement find = _sql.FindDayClose.Bind(0, line).Bind(1, (long)before);
        ulong sequence = find.Step() ? (ulong)find.Number(0) : 0;
        find.Reset();
        return sequence;
    }

    /// <summary>Adds up what became of a line's records.</summary>
    /// <param name="line">The line.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="last">Last sequence.</param>
    public DayTotals Count(long line, ulong first, ulong last)
    {
        var count = new DayCount();
        SqliteStatement find = _sql.FindRecordsOf.Bind(0, line).Bind(1, (long)first).Bind(2, (long)last);
        while (find.Step())
        {
            var outcome = (StoredOutcome)find.Number(0);
            var kind = (EntryKind)find.Number(1);
            byte[] body = find.Blob(2).ToArray();
            EntryFields.Read(body, out EntryFields fields);
            switch (kind)
            {
                case EntryKind.Invoice:
                    count.Add(DayPart.Invoice, InvoiceContents.Read(fields.Content(body)));
                    break;
                case EntryKind.Correction:
                    count.Add(CorrectionContents.Read(fields.Content(body)));
                    break;
                case EntryKind.Hole:
                    ContentFields.Read(kind, fields.Content(body), out ContentFields hole);
                    // A held total was never judged: one beyond every amount is counted and not added, or the day could not be closed.
                    bool isAmount = Int128.Abs(hole.Total) <= InvoiceRules.MaxAmount.Dong;
                    count.Add(DayPart.Held, isAmount ? new Amounts.Money(hole.Total) : Amounts.Money.Zero);
                    break;
                default:
                    count.Add(outcome is StoredOutcome.Held or StoredOutcome.CodeConflict ? DayPart.Held : DayPart.Other, Amounts.Money.Zero);
                    break;
            }
        }

        find.Reset();
        return count.ToTotals();
    }

    /// <summary>The invoice that closed a hole; <see langword="null"/> if none did.</summary>
    public SignedEntry? FindResolved(long hole)
    {
        SqliteStatement find = _sql.FindResolved.Bind(0, hole);
        long position = find.Step() ? find.Number(0) : 0;
        find.Reset();
        return position == 0 ? null : ReadEntry(position);
    }

    /// <summary>Buyer data that travels beside an invoice; <see langword="null"/> if it named none, or it was erased.</summary>
    public Buyer? ReadBuyer(SignedEntry entry)
    {
        IReadOnlyList<AttachmentReference> references = AttachmentReferences.Read(entry.Kind, Content(entry));
        Buyer? buyer = null;
        SqliteStatement find = _sql.FindAttachments.Bind(0, entry.Position);
        while (find.Step())
        {
            int number = (int)find.Number(0);
            if (number < references.Count && references[number].Kind == AttachmentContentKind.Buyer)
            {
                buyer = BuyerContents.Read(find.Blob(2));
            }
        }

        find.Reset();
        return buyer;
    }

    /// <summary>The invoice that an entry holds: an invoice, or a correction's.</summary>
    public static Invoice? InvoiceOf(SignedEntry entry) => entry.Kind switch
    {
        EntryKind.Invoice => InvoiceContents.Read(Content(entry)),
        EntryKind.Correction => CorrectionContents.Read(Content(entry)).Invoice,
        _ => null,
    };

    private static ReadOnlySpan<byte> Content(SignedEntry entry) => EntryFields.Read(entry.Body.Span, out EntryFields fields) is { } fault
        ? throw new InvoicingException($"expected a body that reads at position {entry.Position}, found one that does not: {fault}; run verify")
        : fields.Content(entry.Body.Span);

    private static AuthorityCode? CodeOf(SignedEntry entry) => JournalCrossCheck.Of(entry)?.Code;

    /// <summary>Place of a code in the order in which this chain gives codes; <see langword="null"/> if its ranges do not hold it.</summary>
    private static (int Range, long Digits)? PlaceOf(AuthorityCode code, RangeAllocation ranges)
    {
        for (int i = 0; i < ranges.Codes.Length; i++)
        {
            CodeRange range = ranges.Codes[i].Range;
            if (range.Block == code.Block && code.Digits >= range.First && code.Digits <= range.Last)
            {
                return (i, code.Digits);
            }
        }

        return null;
    }

    private SignedEntry? FindRecovered(AuthorityCode code)
    {
        SqliteStatement find = _sql.FindRecoveredCode.Bind(0, code.ToString());
        long position = find.Step() ? find.Number(0) : 0;
        find.Reset();
        return position == 0 ? null : ReadEntry(position);
    }

    private (SignedEntry Entry, (int Range, long Digits) Place)? NextOfRanges(long from, long to, RangeAllocation ranges)
    {
        for (long position = from; position <= to;)
        {
            SqliteStatement find = _sql.NextCoded.Bind(0, position).Bind(1, to);
            SignedEntry? entry = find.Step() ? JournalRows.Entry(find) : null;
            find.Reset();
            if (entry is null)
            {
                return null;
            }

            if (JournalCrossCheck.Of(entry) is { Code: { } code, Lease: null } && PlaceOf(code, ranges) is { } place)
            {
                return (entry, place);
            }

            position = entry.Position + 1; // a notice, or a code that another device gave, or a register from its lease
        }

        return null;
    }
}
