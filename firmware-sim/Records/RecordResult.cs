using FirmwareSim.Bytes;

namespace FirmwareSim.Records;

/// <summary>The result of one record, TLK/1 §5. Kept with the record for as long as the record is kept.</summary>
/// <param name="Outcome">ISSUED, HELD or RECORDED.</param>
/// <param name="Code">23 characters, if ISSUED.</param>
/// <param name="Series">Such as <c>C26MAA</c>, if ISSUED.</param>
/// <param name="Number">1..99,999,999, if ISSUED; else 0.</param>
/// <param name="Lookup">What to print as a QR code; may be absent.</param>
/// <param name="HoldReason">1, 2 or 255, if HELD; else 0.</param>
/// <param name="Text">Why it is held, for people; may be absent.</param>
internal sealed record RecordResult(
    Outcome Outcome, string? Code, string? Series, uint Number, string? Lookup, byte HoldReason, string? Text)
{
    private const int CodeLength = 23;
    private const int LookupLength = 400;
    private const int TextLength = 200;
    private const byte SeqTag = 1;
    private const byte OutcomeTag = 2;
    private const byte CodeTag = 3;
    private const byte SeriesTag = 4;
    private const byte NumberTag = 5;
    private const byte LookupTag = 6;
    private const byte HoldReasonTag = 7;
    private const byte TextTag = 8;

    public static RecordResult Issued(string code, string series, uint number, string? lookup) =>
        new(Outcome.Issued, code, series, number, lookup, 0, null);

    public static RecordResult Held(byte reason, string? text) => new(Outcome.Held, null, null, 0, null, reason, text);

    public static RecordResult Recorded() => new(Outcome.Recorded, null, null, 0, null, 0, null);

    /// <summary>Is it the same result, in whatever words? §5: outcome, and code, series and number if it was issued.</summary>
    public bool IsSame(RecordResult other) => Outcome == other.Outcome && Code == other.Code && Series == other.Series && Number == other.Number;

    /// <summary>Reads the group of an ACK, which names its sequence.</summary>
    /// <exception cref="MalformedException">It breaks §5.</exception>
    public static AckResult ReadWithSeq(byte[] group)
    {
        TlvReader tlvs = Reader(group);
        return new AckResult(tlvs.U64(SeqTag), Read(tlvs));
    }

    /// <summary>Reads the group as the journal keeps it and REC's <c>recovered</c> carries it: without sequence.</summary>
    /// <exception cref="MalformedException">It breaks §5.</exception>
    public static RecordResult Read(byte[] group) => Read(Reader(group));

    /// <summary>The group without sequence.</summary>
    public byte[] ToGroup() => Write(new TlvWriter()).ToArray();

    /// <summary>The group as an ACK carries it.</summary>
    public byte[] ToGroup(ulong seq) => Write(new TlvWriter().U64(SeqTag, seq)).ToArray();

    private static TlvReader Reader(byte[] group) =>
        new(group, [SeqTag, OutcomeTag, CodeTag, SeriesTag, NumberTag, LookupTag, HoldReasonTag, TextTag]);

    private static RecordResult Read(TlvReader tlvs) => (Outcome)tlvs.U8(OutcomeTag) switch
    {
        Outcome.Issued => ReadIssued(tlvs),
        Outcome.Held => Held(tlvs.U8(HoldReasonTag), tlvs.Has(TextTag) ? tlvs.Text(TextTag, TextLength) : null),
        Outcome.Recorded => Recorded(),
        Outcome other => throw new MalformedException($"outcome 1..3 expected, {(byte)other} found"),
    };

    private static RecordResult ReadIssued(TlvReader tlvs)
    {
        uint number = tlvs.U32(NumberTag);
        string code = tlvs.Text(CodeTag, CodeLength);
        string series = tlvs.Text(SeriesTag, Limits.Series);
        return number is >= 1 and <= Limits.MostNumber
            ? Issued(code, series, number, tlvs.Has(LookupTag) ? tlvs.Text(LookupTag, LookupLength) : null)
            : throw new MalformedException($"number 1..99,999,999 expected, {number} found");
    }

    private TlvWriter Write(TlvWriter writer)
    {
        writer.U8(OutcomeTag, (byte)Outcome).Text(CodeTag, Code).Text(SeriesTag, Series);
        if (Outcome == Outcome.Issued)
        {
            writer.U32(NumberTag, Number);
        }

        writer.Text(LookupTag, Lookup);
        if (Outcome == Outcome.Held)
        {
            writer.U8(HoldReasonTag, HoldReason);
        }

        return writer.Text(TextTag, Text);
    }
}
