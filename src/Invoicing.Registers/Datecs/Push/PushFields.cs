using System.Globalization;
using System.Text;
using Invoicing.Amounts;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>
/// The fields of an event. Those of one operation have fixed places, but the last two, which are counters, are counted from the end: models
/// differ in between.
/// </summary>
internal sealed class PushFields(PushPacket packet, char separator, Encoding encoding)
{
    private readonly string[] _fields = Split(encoding.GetString(packet.Content.Span), separator);

    /// <summary>How many there are.</summary>
    public int Count => _fields.Length;

    /// <summary>The register's number.</summary>
    public string Register => Text(0);

    /// <summary>SeqN, 0 to 9; <see langword="null"/> if it is no number.</summary>
    public int? Cycle => int.TryParse(Text(1), NumberStyles.None, CultureInfo.InvariantCulture, out int cycle) ? cycle % 10 : null;

    /// <summary>Number of the receipt; <see langword="null"/> if there is none.</summary>
    public ulong? Receipt => Ordinal(7);

    /// <summary>Place of the event in its receipt, from 1; <see langword="null"/> if there is none.</summary>
    public ulong? Place => Ordinal(Count - 2);

    /// <summary>UN, one more for each message; <see langword="null"/> if there is none.</summary>
    public ulong? Counter => Ordinal(Count - 1);

    /// <summary>A field without blanks around it; empty if it is not there.</summary>
    public string Text(int at) => at >= 0 && at < _fields.Length ? _fields[at].Trim() : string.Empty;

    /// <summary>A field that is a number of something.</summary>
    public ulong? Ordinal(int at) => DatecsAmount.TryOrdinal(Text(at), out ulong ordinal) ? ordinal : null;

    /// <summary>A field that is an amount.</summary>
    public Money Amount(int at, int minorDigits, string what, ref string? fault)
    {
        if (DatecsAmount.TryMoney(Text(at), minorDigits, out Money money) is { } wrong)
        {
            fault ??= $"expected {wrong} as {what}";
        }

        return money;
    }

    private static string[] Split(string text, char separator)
    {
        string[] fields = text.Split(separator);
        return fields[^1].Length == 0 ? fields[..^1] : fields;
    }
}
