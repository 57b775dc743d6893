using System.Globalization;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>What was sold against what the journal says: each sale once as an invoice, or named as lost or unread; never twice.</summary>
/// <param name="Name">The run.</param>
/// <param name="Sold">Sales on the register's own journal.</param>
/// <param name="Once">Of these, those with exactly one invoice.</param>
/// <param name="Named">Of these, those without invoice that a gap, a hole or a torn piece stands for.</param>
/// <param name="Missing">Of these, those that nothing stands for.</param>
/// <param name="Twice">Invoices beyond one for a sale, or for no sale at all.</param>
internal sealed record RunReport(string Name, int Sold, int Once, int Named, int Missing, int Twice)
{
    /// <summary>Compares by receipt number and total.</summary>
    /// <param name="name">The run.</param>
    /// <param name="sold">What the register sold.</param>
    /// <param name="ledger">What the journal says.</param>
    /// <param name="named">How many records or pieces the journal names as lost, torn or unread.</param>
    public static RunReport Of(string name, IReadOnlyList<Receipt> sold, Ledger ledger, int named)
    {
        var left = sold.GroupBy(sale => sale).ToDictionary(group => group.Key, group => group.Count());
        int once = 0;
        int twice = 0;
        foreach (Receipt invoice in ledger.Invoices)
        {
            if (left.TryGetValue(invoice, out int count) && count > 0)
            {
                left[invoice] = count - 1;
                once++;
            }
            else
            {
                twice++;
            }
        }

        int without = sold.Count - once;
        return new(name, sold.Count, once, Math.Min(named, without), Math.Max(0, without - named), twice);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name,-40} sold {Sold,6}  once {Once,6}  named {Named,4}  missing {Missing,3}  twice {Twice,3}");
}
