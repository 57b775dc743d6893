using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>LEASED: whether a register took a lease. TLK/1 §3.9.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Newest">The register's newest record when it took it; <see langword="null"/> if it refused.</param>
internal sealed record LeasedMessage(ulong Lease, ulong? Newest)
{
    internal static LeasedMessage? Read(ReadOnlyMemory<byte> payload, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(payload, "LEASED", [Tag.Lease, Tag.Present, Tag.Newest], [], faults);
        ulong lease = fields.U64(Tag.Lease, least: 1);
        bool isTaken = fields.U8(Tag.Present, 0, 1) == 1;
        LeasedMessage leased = new(lease, isTaken ? fields.U64(Tag.Newest) : null);
        fault = faults.First;
        return fault is null ? leased : null;
    }
}
