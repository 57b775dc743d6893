using System.Collections.Immutable;
using System.Globalization;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>Finds documents as the commands of this family ask for them.</summary>
internal static class DocumentKinds
{
    private const int Fiscal = 1;
    private const int Z = 2;
    private const int Storno = 6;
    private const int Cancelled = 8;
    private const int AllSales = 10;

    /// <summary>Document type of command 124.</summary>
    public static int KindOf(RungReceipt receipt) => receipt.Class switch
    {
        ReceiptClass.Sale => Fiscal,
        ReceiptClass.Refund => Storno,
        ReceiptClass.DayClose => Z,
        _ => Cancelled,
    };

    /// <summary>0 is any type, 10 is what sells: 1, 3, 6 and 7.</summary>
    public static bool IsOfKind(RungReceipt receipt, int kind) =>
        kind == 0 || KindOf(receipt) == kind || (kind == AllSales && receipt.IsSold);

    /// <summary>Whether 125/8 has rows of it: what was voided sold nothing.</summary>
    public static bool HasRows(RungReceipt receipt) => receipt.IsSold;

    /// <summary>The newest run of documents from one number to another, in the order in which they were closed, over a wrap too.</summary>
    public static IEnumerable<RungReceipt> Range(ImmutableArray<RungReceipt> all, long first, long last)
    {
        int end = all.Length - 1;
        while (end >= 0 && all[end].Number != last)
        {
            end--;
        }

        // A last number that is not reached yet means: up to the newest.
        end = end < 0 ? all.Length - 1 : end;
        int start = end;
        while (start >= 0 && all[start].Number != first)
        {
            start--;
        }

        return start >= 0 ? all[start..(end + 1)] : all.Where(item => item.Number >= first && item.Number <= last);
    }

    /// <summary>Position of the newest document that has rows; 0 if none has.</summary>
    public static long LastWithRows(Till till)
    {
        for (int i = till.Count - 1; i >= 0; i--)
        {
            RungReceipt receipt = till.At(i);
            if (HasRows(receipt))
            {
                return receipt.Position;
            }
        }

        return 0;
    }

    /// <summary>Number of the newest document; 0 before the first.</summary>
    public static long LastNumber(Till till) => till.Count == 0 ? 0 : till.At(till.Count - 1).Number;

    /// <summary>Reads <c>DD-MM-YY hh:mm:ss</c>, with or without DST behind it.</summary>
    public static DateTime? TryClock(string text) =>
        DateTime.TryParseExact(
            text.Length < 8 ? text : text.Replace(" DST", string.Empty, StringComparison.Ordinal).Insert(6, "20"), ["dd-MM-yyyy HH:mm:ss", "dd-MM-yyyy HH:mm"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out DateTime local) ? local : null;
}
