using System.Collections.Immutable;
using FirmwareSim.Records;

namespace FirmwareSim.Messages;

/// <summary>What a gateway can say, TLK/1 §3: a closed family, one record per message type.</summary>
internal abstract record GatewayMessage
{
    private GatewayMessage()
    {
    }

    internal sealed record Welcome(string Gateway, ulong Epoch, byte[] PeerNonce, ulong Durable, byte Window, ushort MaxBody, byte[] Nonce)
        : GatewayMessage;

    internal sealed record Ack(ulong Epoch, ulong Durable, ImmutableArray<AckResult> Results) : GatewayMessage;

    internal sealed record Nak(
        NakReason Reason, ulong? Epoch, ulong? Seq, string? Text, uint? Wait, ulong? Expected, byte? Lowest, byte? Highest)
        : GatewayMessage;

    internal sealed record Busy(ulong? Epoch, ulong? Seq, uint Wait) : GatewayMessage;

    internal sealed record Get(ulong Epoch, ulong From, ulong To) : GatewayMessage;

    internal sealed record Pong(uint Counter) : GatewayMessage;

    internal sealed record Ping(uint Counter) : GatewayMessage;

    internal sealed record Lease(ulong Epoch, Records.Lease Content) : GatewayMessage;

    internal sealed record Time(DateTimeOffset Clock) : GatewayMessage;

    internal sealed record Ask : GatewayMessage;

    internal sealed record Fault(byte Reason, byte About, string? Text) : GatewayMessage;
}
