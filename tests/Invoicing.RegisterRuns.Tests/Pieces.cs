using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FirmwareSim.Tills;
using Invoicing.Sales;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>
/// Which sales without an invoice are named by what a tap or a journal port captured: strictly, so that a torn piece of one receipt, which was
/// printed again, stands for no other.
/// </summary>
internal static partial class Pieces
{
    private const int PageSize = 500;

    /// <summary>How many sales have no invoice and are named: their number by a gap, or by a piece that is a hole, or a hole without a number between their neighbours.</summary>
    public static async Task<int> NamedAsync(ICaptureStore captures, string register, IReadOnlyList<RungReceipt> rung, Ledger ledger)
    {
        HashSet<ulong> holes = [.. ledger.Holes.Where(hole => hole.Key.Register.Value == register).Select(hole => hole.Key.Sequence)];
        List<Piece> pieces = await ReadAsync(await captures.OpenAsync(new(register), default), holes);
        List<RungReceipt> left = WithoutInvoice(rung, ledger);
        int all = left.Count;
        left.RemoveAll(sale => pieces.Exists(piece => piece.IsHole && piece.First <= sale.Number && sale.Number <= piece.Last));
        for (int i = 0; i < pieces.Count; i++)
        {
            if (pieces[i] is { IsHole: true, First: null })
            {
                long after = pieces.Take(i).LastOrDefault(piece => piece.Last is not null).Last ?? 0;
                long before = pieces.Skip(i + 1).FirstOrDefault(piece => piece.First is not null).First ?? long.MaxValue;
                int at = left.FindIndex(sale => IsBetween(rung, sale, after, before));
                if (at >= 0)
                {
                    left.RemoveAt(at);
                }
            }
        }

        return all - left.Count;
    }

    /// <summary>Whether a sale was rung up behind one receipt and before the next of another.</summary>
    private static bool IsBetween(IReadOnlyList<RungReceipt> rung, RungReceipt sale, long after, long before) =>
        rung.Any(r => r.Number == after && r.Position < sale.Position && sale.Position - r.Position < 50 || after == 0)
        && (before == long.MaxValue || rung.Any(r => r.Number == before && r.Position > sale.Position && r.Position - sale.Position < 50));

    private static List<RungReceipt> WithoutInvoice(IReadOnlyList<RungReceipt> rung, Ledger ledger)
    {
        var invoiced = ledger.Invoices.GroupBy(invoice => invoice).ToDictionary(group => group.Key, group => group.Count());
        List<RungReceipt> left = [];
        foreach (RungReceipt sale in rung.Where(r => r.Class == ReceiptClass.Sale))
        {
            Receipt key = new(Receipt.Plain(sale.Number), sale.Total);
            if (invoiced.TryGetValue(key, out int count) && count > 0)
            {
                invoiced[key] = count - 1;
            }
            else
            {
                left.Add(sale);
            }
        }

        return left;
    }

    private static async Task<List<Piece>> ReadAsync(ICaptureBook book, HashSet<ulong> holes)
    {
        List<Piece> pieces = [];
        for (long number = 1; await book.ReadAsync(number, default) is { } piece; number++)
        {
            string text = Encoding.Latin1.GetString(piece.Bytes.Span);
            bool isHole = piece.RecordSequence is { } sequence && holes.Contains(sequence);
            if (text[0] == '\0' && text.Split('\n') is [_, var first, var last, ..])
            {
                pieces.Add(new(isHole, long.Parse(first, CultureInfo.InvariantCulture), long.Parse(last, CultureInfo.InvariantCulture)));
            }
            else
            {
                long? printed = Number().Match(text) is { Success: true } match ? long.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) : null;
                pieces.Add(new(isHole, printed, printed));
            }
        }

        return pieces;
    }

    /// <summary>The number in the simulated receipts' head, in any charset, where it was printed to its end.</summary>
    [GeneratedRegex(@"S[^\n]{1,12}H[^\n]{1,12}: (?<number>[0-9]{6,})\s", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    private readonly record struct Piece(bool IsHole, long? First, long? Last);
}
