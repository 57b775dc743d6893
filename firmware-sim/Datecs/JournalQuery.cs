using System.Globalization;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>What a host asks of the journal by 119: <c>R[#Flg,]D1[,D2]</c> numbers, <c>R*Z[,D1[,D2]]</c> a day's, <c>R&lt;Flg&gt;,DT1,DT2</c> times.</summary>
/// <param name="Flag">A all, F sales, V storno, C cancelled, N other, Z day closes.</param>
/// <param name="Z">Number of the day; null: any.</param>
/// <param name="First">Lowest number.</param>
/// <param name="Last">Highest number.</param>
/// <param name="From">Earliest time.</param>
/// <param name="To">Latest time.</param>
internal sealed record JournalQuery(char Flag, long? Z, long First, long Last, DateTime From, DateTime To)
{
    /// <summary>Reads the data of a request that begins with R.</summary>
    public static JournalQuery? Parse(string data)
    {
        string rest = data[1..];
        string[] parts = rest.Split(',');
        if (rest.StartsWith('*'))
        {
            return long.TryParse(parts[0].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out long z) ? Numbers('A', z, parts.AsSpan(1)) : null;
        }

        if (rest.StartsWith('#'))
        {
            return parts[0].Length == 2 ? Numbers(parts[0][1], null, parts.AsSpan(1)) : null;
        }

        if (rest.Length > 0 && char.IsAsciiDigit(rest[0]))
        {
            return Numbers('A', null, parts);
        }

        return parts.Length == 3 && parts[0].Length == 1 && Time(parts[1], isEnd: false) is DateTime from && Time(parts[2], isEnd: true) is DateTime to
            ? new JournalQuery(parts[0][0], null, 0, long.MaxValue, from, to)
            : null;
    }

    /// <summary>Whether it asks for this document.</summary>
    public bool Wants(RungReceipt receipt)
    {
        bool isOfKind = Flag switch
        {
            'A' => true,
            'F' => receipt.Class == ReceiptClass.Sale,
            'V' => receipt.Class == ReceiptClass.Refund,
            'C' => receipt.Class == ReceiptClass.Cancelled,
            'Z' => receipt.Class == ReceiptClass.DayClose,
            _ => false,
        };
        return isOfKind && (Z is null || receipt.Z == Z) && receipt.Number >= First && receipt.Number <= Last && receipt.Time >= From && receipt.Time <= To;
    }

    private static JournalQuery? Numbers(char flag, long? z, ReadOnlySpan<string> parts)
    {
        long first = 0;
        long last = long.MaxValue;
        bool isGood = (parts.Length > 0 || z is not null) && parts.Length <= 2
            && (parts.Length < 1 || long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out first))
            && (parts.Length < 2 || long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out last));
        return isGood ? new JournalQuery(flag, z, first, parts.Length == 1 ? first : last, DateTime.MinValue, DateTime.MaxValue) : null;
    }

    private static DateTime? Time(string given, bool isEnd)
    {
        // Years are of this century; the runtime would take 99 for 1999.
        string text = given.Length >= 6 ? given.Insert(4, "20") : given;
        if (DateTime.TryParseExact(text, "ddMMyyyyHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time))
        {
            // Documents have parts of a second that the question cannot name.
            return isEnd ? time.AddSeconds(1).AddTicks(-1) : time;
        }

        return DateTime.TryParseExact(text, "ddMMyyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime day)
            ? isEnd ? day.AddDays(1).AddTicks(-1) : day
            : null;
    }
}
