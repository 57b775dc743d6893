using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Documents;

/// <summary>Numbers, dates and sentences as the law writes them. Culture is always invariant.</summary>
/// <remarks>Source: Decision 1271/QĐ-CT, Part I.IV.2 (numbers, dates); Circular 91/2026/TT-BTC, Art. 10 (sentences of corrections).</remarks>
internal static class LawText
{
    /// <summary>Whole đồng.</summary>
    public static string Of(Money amount) => amount.Dong.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of at most six decimals, without zeros behind the last one that counts.</summary>
    public static string Of(decimal value)
    {
        decimal rounded = decimal.Round(value, 6, MidpointRounding.AwayFromZero);
        return rounded == 0 ? "0" : rounded.ToString("0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>A count.</summary>
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary><c>2026-07-02</c>.</summary>
    public static string Of(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary><c>2026-07-02T21:15:00</c>, the time in Vietnam, without an offset.</summary>
    public static string Of(DateTimeOffset instant) =>
        instant.ToOffset(VietnamTime.Offset).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>How it was paid (HTTToan): cash TM, card, transfer and wallet CK, all else Khác; not stated: TM/CK.</summary>
    public static string Means(IEnumerable<Payment> payments)
    {
        string[] words = [.. payments.Select(payment => payment.Means switch
        {
            PaymentMeans.Cash => "TM",
            PaymentMeans.Card or PaymentMeans.Transfer or PaymentMeans.Wallet => "CK",
            PaymentMeans.Unspecified => "TM/CK",
            _ => "Khác",
        }).Distinct(StringComparer.Ordinal)];
        return words.Length == 0 || Array.IndexOf(words, "TM/CK") >= 0 ? "TM/CK" : string.Join('/', words.OrderBy(Rank));

        static int Rank(string word) => word switch { "TM" => 0, "CK" => 1, _ => 2 };
    }

    /// <summary>Counts characters as schemas do: code points.</summary>
    public static int Length(string text)
    {
        int count = text.Length;
        foreach (char c in text)
        {
            count -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Shows text in a fault, cut: it is for people, and holds no half characters.</summary>
    public static string Show(string text)
    {
        const int Most = 60;
        string shown = string.Concat(text.Take(Most).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:X4}" : c.ToString()));
        return text.Length > Most ? $"'{shown}…'" : $"'{shown}'";
    }
}
