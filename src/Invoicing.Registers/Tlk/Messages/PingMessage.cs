using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>PING and PONG: a counter that comes back. TLK/1 §3.8.</summary>
internal static class PingMessage
{
    internal static uint? Read(ReadOnlyMemory<byte> payload, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(payload, "PING", [Tag.Counter], [], faults);
        uint counter = fields.U32(Tag.Counter);
        fault = faults.First;
        return fault is null ? counter : null;
    }

    internal static TlkFrame Write(TlkType type, byte txn, uint counter) =>
        new(type, TlkFlags.None, txn, new TlvWriter().U32(Tag.Counter, counter).ToArray());
}
