using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Protos.V1;
using Invoicing.Sales;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>What a journal says of one register, read from its signed bytes and from nothing else.</summary>
/// <param name="Invoices">Receipt number and total of each invoice, in the chain's order.</param>
/// <param name="Gaps">Record sequences that are declared lost.</param>
/// <param name="Holes">What is recorded and is no invoice: record and reason.</param>
internal sealed record Ledger(IReadOnlyList<Receipt> Invoices, IReadOnlyList<(ulong First, ulong Last)> Gaps, IReadOnlyList<(SaleKey Key, string Why)> Holes)
{
    private const int PageSize = 512;

    /// <summary>How many records are named as lost or held.</summary>
    public int Named => Holes.Count + Gaps.Sum(gap => (int)Math.Min(1_000_000, gap.Last - gap.First + 1));

    /// <summary>How many of a register's sales have no invoice and lie in a gap, or under a record that was held.</summary>
    /// <param name="sold">The sales.</param>
    /// <param name="numberOf">The receipt number that a record's sequence stands for.</param>
    public int NamedOf(IEnumerable<Receipt> sold, Func<ulong, ulong> numberOf)
    {
        var invoiced = Invoices.GroupBy(invoice => invoice).ToDictionary(group => group.Key, group => group.Count());
        HashSet<ulong> held = [.. Holes.Select(hole => numberOf(hole.Key.Sequence))];
        int named = 0;
        foreach (Receipt sale in sold)
        {
            if (invoiced.TryGetValue(sale, out int count) && count > 0)
            {
                invoiced[sale] = count - 1;
                continue;
            }

            ulong number = ulong.Parse(sale.Number, System.Globalization.CultureInfo.InvariantCulture);
            named += held.Contains(number) || Gaps.Any(gap => numberOf(gap.First) <= number && number <= numberOf(gap.Last)) ? 1 : 0;
        }

        return named;
    }

    /// <summary>Both together.</summary>
    public Ledger With(Ledger other) => new([.. Invoices, .. other.Invoices], [.. Gaps, .. other.Gaps], [.. Holes, .. other.Holes]);

    /// <summary>Reads a journal.</summary>
    /// <param name="journal">Its file; a gateway may be writing it.</param>
    /// <param name="register">Whose entries.</param>
    /// <param name="start">Only entries after this position.</param>
    public static Ledger Read(string journal, string register, long start = 0)
    {
        List<Receipt> invoices = [];
        List<(ulong First, ulong Last)> gaps = [];
        List<(SaleKey Key, string Why)> holes = [];
        using var reader = JournalReader.Open(journal);
        long head = reader.ReadHead();
        for (long after = start; after < head;)
        {
            foreach (SignedEntry entry in reader.ReadPage(after, PageSize))
            {
                after = entry.Position;
                EntryFields.Read(entry.Body.Span, out EntryFields fields);
                ReadOnlySpan<byte> content = fields.Content(entry.Body.Span);
                if (entry.Kind == EntryKind.Invoice && JournalFile.InvoiceOf(entry) is { } invoice && invoice.Sale.Key.Register.Value == register)
                {
                    invoices.Add(new(Receipt.Plain(invoice.Sale.ReceiptNumber), invoice.Total.Dong));
                }
                else if (entry.Kind == EntryKind.Hole)
                {
                    (RegisterRecordKey record, _, string text) = EntryContents.ReadHole(content);
                    if (record.Key.Register.Value == register)
                    {
                        holes.Add((record.Key, text));
                    }
                }
                else if (entry.Kind == EntryKind.RegisterEvent)
                {
                    RegisterEventContent read = RegisterEventContent.Parser.ParseFrom(content);
                    if (read.Kind == RegisterEventKind.Gap && read.Register == register)
                    {
                        gaps.Add((read.FirstSequence, read.LastSequence));
                    }
                }
            }
        }

        return new(invoices, gaps, holes);
    }
}
