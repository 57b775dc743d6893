using System.Globalization;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>A result that the kit gave, or finds in a recovered record. TLK/1 §5.</summary>
internal sealed record GivenResult(byte Outcome, string Code = "", string Series = "", uint Number = 0)
{
    /// <summary>Put behind lookup and text, so that the same result comes in other words.</summary>
    internal string Words { get; init; } = "";

    internal static GivenResult Recorded { get; } = new(ResultTag.Recorded);

    internal static GivenResult Held { get; } = new(ResultTag.Held);

    /// <summary>The invoice that the kit gives a record: a function of its sequence, so the same answer comes each time.</summary>
    internal static GivenResult Issued(ulong seq) =>
        new(ResultTag.Issued, string.Create(CultureInfo.InvariantCulture, $"M1-26-KITGW-{seq:D11}"), "C26MKG", (uint)(seq % ResultTag.LargestNumber) + 1);

    /// <summary>Reads the group of a recovered record; <see langword="null"/> if it is empty or malformed.</summary>
    internal static GivenResult? Read(ReadOnlyMemory<byte> group, out string? fault)
    {
        fault = null;
        if (group.IsEmpty)
        {
            return null;
        }

        TlvFault faults = new();
        TlvGroup fields = new(
            group,
            "recovered",
            [ResultTag.Outcome, ResultTag.Code, ResultTag.Series, ResultTag.Number, ResultTag.Lookup, ResultTag.HoldReason, ResultTag.Text],
            [],
            faults);
        GivenResult result = new(fields.U8(ResultTag.Outcome, ResultTag.Issued, ResultTag.Recorded));
        if (result.Outcome == ResultTag.Issued)
        {
            result = result with
            {
                Code = fields.Text(ResultTag.Code, ResultTag.CodeLength),
                Series = fields.Text(ResultTag.Series, ResultTag.SeriesLength),
                Number = fields.U32(ResultTag.Number, 1, ResultTag.LargestNumber),
            };
        }

        fault = faults.First;
        return fault is null ? result : null;
    }

    /// <summary>The group without its seq.</summary>
    internal byte[] Group()
    {
        TlvWriter group = new TlvWriter().U8(ResultTag.Outcome, Outcome);
        if (Outcome == ResultTag.Issued)
        {
            group.Text(ResultTag.Code, Code).Text(ResultTag.Series, Series).U32(ResultTag.Number, Number)
                .Text(ResultTag.Lookup, "https://example.invalid/" + Code + Words);
        }
        else if (Outcome == ResultTag.Held)
        {
            group.U8(ResultTag.HoldReason, ResultTag.HoldOther).Text(ResultTag.Text, "held by the conformance kit" + Words);
        }

        return group.ToArray();
    }

    public override string ToString() => Outcome switch
    {
        ResultTag.Issued => $"ISSUED {Code} {Series} {Number}",
        ResultTag.Held => "HELD",
        _ => "RECORDED",
    };
}
