using System.Globalization;

namespace FirmwareSim.Records;

/// <summary>Codes and numbers that this register may print while its line is down, TLK/1 §3.9: the n-th code with the n-th number.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">The digit behind the code's M.</param>
/// <param name="Block">The authority's five characters.</param>
/// <param name="Year">Last two digits.</param>
/// <param name="FirstCode">First of the 11 digits.</param>
/// <param name="LastCode">Last of them.</param>
/// <param name="Series">Six characters.</param>
/// <param name="FirstNumber">First number.</param>
/// <param name="LastNumber">Last number.</param>
/// <param name="Until">Last moment to print from it.</param>
internal sealed record Lease(
    ulong Id, byte Kind, string Block, byte Year, ulong FirstCode, ulong LastCode, string Series, uint FirstNumber, uint LastNumber,
    DateTimeOffset Until)
{
    /// <summary>Receipts that bear it already.</summary>
    public uint Used { get; init; }

    /// <summary>Newest record when it was stored: no higher one bears an older lease.</summary>
    public ulong Newest { get; init; }

    /// <summary>Is it what this offer says? What became of it since does not count.</summary>
    public bool IsOf(Lease offer) => this with { Used = 0, Newest = 0 } == offer with { Used = 0, Newest = 0 };

    /// <summary>The next receipt's; null if it is used up, or over by this clock.</summary>
    public LeasedCode? Next(DateTimeOffset closed) =>
        FirstCode + Used > LastCode || FirstNumber + Used > LastNumber || closed > Until
            ? null
            : new LeasedCode(
                Id, string.Create(CultureInfo.InvariantCulture, $"M{Kind}-{Year:00}-{Block}-{FirstCode + Used:00000000000}"), Series, FirstNumber + Used);

    /// <summary>This lease after a receipt with this number of it.</summary>
    public Lease After(uint number) => this with { Used = Math.Max(Used, number - FirstNumber + 1) };
}
