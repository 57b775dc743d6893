using System.Globalization;

namespace FirmwareSim.Replay.Tlk;

/// <summary>What an answer is about: a HELLO, or a record.</summary>
/// <param name="Hello">Which HELLO of the connection; 0: a record.</param>
/// <param name="Epoch">The record's epoch; 0 for a HELLO.</param>
/// <param name="Seq">The record's sequence; 0 for a HELLO.</param>
internal readonly record struct TlkSubject(int Hello, ulong Epoch, ulong Seq)
{
    public static TlkSubject OfHello(int number) => new(number, 0, 0);

    public static TlkSubject OfRecord(ulong epoch, ulong seq) => new(0, epoch, seq);

    public override string ToString() => Hello != 0 ? "HELLO" : string.Create(CultureInfo.InvariantCulture, $"record {Seq}");
}
