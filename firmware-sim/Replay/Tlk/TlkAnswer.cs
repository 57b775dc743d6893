using System.Globalization;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Replay.Tlk;

/// <summary>What of an answer two gateways have in common: not code, number, time or words.</summary>
/// <param name="Verdict">What was made of it.</param>
/// <param name="Refusal">Why, if it was refused; else 0.</param>
internal readonly record struct TlkAnswer(TlkVerdict Verdict, NakReason Refusal = default)
{
    public static TlkAnswer Welcome => new(TlkVerdict.Welcome);

    public static TlkAnswer Of(RecordResult result) => new(result.Outcome switch
    {
        Outcome.Issued => TlkVerdict.Issued,
        Outcome.Held => TlkVerdict.Held,
        _ => TlkVerdict.Recorded,
    });

    public static TlkAnswer Refused(NakReason reason) => new(TlkVerdict.Refused, reason);

    public override string ToString() => Verdict switch
    {
        TlkVerdict.Welcome => "WELCOME",
        TlkVerdict.Issued => "issued",
        TlkVerdict.Held => "held",
        TlkVerdict.Recorded => "recorded",
        _ => string.Create(CultureInfo.InvariantCulture, $"NAK {(byte)Refusal} ({Name(Refusal)})"),
    };

    /// <summary>As TLK/1 §3.5 calls it.</summary>
    private static string Name(NakReason reason) => reason switch
    {
        NakReason.Gap => "gap",
        NakReason.Conflict => "conflict",
        NakReason.Malformed => "malformed",
        NakReason.EpochRetired => "epoch retired",
        NakReason.Full => "full",
        NakReason.NotPaired => "not paired",
        NakReason.RegisterBehind => "register behind",
        NakReason.Version => "version",
        NakReason.NoSession => "no session",
        _ => "unknown",
    };
}
