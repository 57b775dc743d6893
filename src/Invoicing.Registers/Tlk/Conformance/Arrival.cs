using System.Globalization;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>A frame of the register.</summary>
/// <param name="Frame">The frame, without its seal.</param>
/// <param name="At">When it came, in milliseconds of the run.</param>
/// <param name="Seq">Sequence, if it is a REC.</param>
/// <param name="Record">The record, if the frame is its last or only one.</param>
/// <param name="Recovered">What REC gave as the result it holds, <see langword="null"/> if it has no such field.</param>
internal sealed record Arrival(TlkFrame Frame, long At, ulong Seq = 0, byte[]? Record = null, ReadOnlyMemory<byte>? Recovered = null)
{
    internal TlkType Type => Frame.Type;

    internal bool IsSame(Arrival other) =>
        Frame.Type == other.Frame.Type && Frame.Flags == other.Frame.Flags && Frame.Txn == other.Frame.Txn
        && Frame.Payload.Span.SequenceEqual(other.Frame.Payload.Span);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Type.ToString().ToUpperInvariant()}{(Seq > 0 ? $" {Seq}" : "")}{(Frame.Txn > 0 ? $" txn {Frame.Txn}" : "")}");
}
