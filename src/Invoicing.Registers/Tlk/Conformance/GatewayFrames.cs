using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>Writes whatever a gateway may say, right or wrong: the cases choose every field. TLK/1 §3.</summary>
internal static class GatewayFrames
{
    internal static TlkFrame Of(TlkType type, byte txn, TlvWriter payload, TlkFlags flags = TlkFlags.None) => new(type, flags, txn, payload.ToArray());

    internal static TlkFrame Welcome(
        HelloView hello, ulong durable, byte[] nonce, DateTimeOffset clock, int window = 16, int maxBody = TlkFrame.DefaultMaxBody, byte? txn = null,
        ulong? epoch = null, byte[]? peerNonce = null, uint caps = 0) =>
        Of(TlkType.Welcome, txn ?? hello.Frame.Txn, new TlvWriter()
            .Text(Tag.Gateway, "conformance kit")
            .U64(Tag.Epoch, epoch ?? hello.Epoch)
            .Bytes(Tag.PeerNonce, peerNonce ?? hello.Nonce)
            .U64(Tag.Durable, durable)
            .U8(Tag.Window, (byte)window)
            .U16(Tag.MaxBody, (ushort)maxBody)
            .U32(Tag.Caps, caps)
            .Time(Tag.Clock, clock)
            .Bytes(Tag.Nonce, nonce));

    internal static TlkFrame Ack(ulong epoch, ulong durable, params ReadOnlySpan<(ulong Seq, GivenResult Result)> results)
    {
        TlvWriter payload = new TlvWriter().U64(Tag.Epoch, epoch).U64(Tag.Durable, durable);
        foreach ((ulong seq, GivenResult result) in results)
        {
            payload.Bytes(Tag.Result, (byte[])[.. new TlvWriter().U64(ResultTag.Seq, seq).ToArray(), .. result.Group()]);
        }

        return Of(TlkType.Ack, 0, payload);
    }

    internal static TlkFrame Nak(byte reason, byte txn = 0, ulong? epoch = null, ulong? seq = null, uint? wait = null, ulong? expected = null)
    {
        TlvWriter payload = new TlvWriter().U8(Tag.Reason, reason);
        if (epoch is { } e)
        {
            payload.U64(Tag.Epoch, e);
        }

        if (seq is { } s)
        {
            payload.U64(Tag.Seq, s);
        }

        if (wait is { } w)
        {
            payload.U32(Tag.Wait, w);
        }

        if (expected is { } x)
        {
            payload.U64(Tag.Expected, x);
        }

        return Of(TlkType.Nak, txn, reason == (byte)NakReason.Version ? payload.U8(Tag.LowestVersion, 1).U8(Tag.HighestVersion, 1) : payload);
    }

    internal static TlkFrame BusyHello(byte txn, uint wait) => Of(TlkType.Busy, txn, new TlvWriter().U32(Tag.Wait, wait));

    internal static TlkFrame BusyRecord(ulong epoch, ulong seq, uint wait) =>
        Of(TlkType.Busy, 0, new TlvWriter().U64(Tag.Epoch, epoch).U64(Tag.Seq, seq).U32(Tag.Wait, wait));

    internal static TlkFrame Get(byte txn, ulong epoch, ulong from, ulong to) =>
        Of(TlkType.Get, txn, new TlvWriter().U64(Tag.Epoch, epoch).U64(Tag.From, from).U64(Tag.To, to));

    internal static TlkFrame Ping(byte txn, uint counter) => Of(TlkType.GatewayPing, txn, new TlvWriter().U32(Tag.Counter, counter));

    internal static TlkFrame Pong(byte txn, uint counter) => Of(TlkType.GatewayPong, txn, new TlvWriter().U32(Tag.Counter, counter));

    internal static TlkFrame Ask(byte txn) => Of(TlkType.Ask, txn, new TlvWriter());

    internal static TlkFrame Time(byte txn, DateTimeOffset clock) => Of(TlkType.Time, txn, new TlvWriter().Time(Tag.Clock, clock));

    /// <summary>A LEASE of block KITAA, series C26MKT, with as many numbers as codes.</summary>
    internal static TlkFrame LeaseOf(byte txn, ulong epoch, GrantedLease lease)
    {
        TlvWriter payload = new TlvWriter()
            .U64(Tag.Epoch, epoch)
            .U64(Tag.Lease, lease.Id)
            .Text(Tag.LeaseBlock, GrantedLease.Block)
            .U8(Tag.LeaseYear, GrantedLease.Year)
            .U64(Tag.LeaseFirstCode, lease.FirstCode)
            .U64(Tag.LeaseLastCode, lease.FirstCode + GrantedLease.Count - 1)
            .Text(Tag.LeaseSeries, GrantedLease.Series)
            .U32(Tag.LeaseFirstNumber, lease.FirstNumber)
            .U32(Tag.LeaseLastNumber, lease.FirstNumber + GrantedLease.Count - 1)
            .Time(Tag.LeaseUntil, lease.Until);
        return Of(TlkType.Lease, txn, lease.Kind == 1 ? payload : payload.U8(Tag.LeaseKind, lease.Kind));
    }
}
