using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>Writes what a gateway says, in the specification's order of tags. TLK/1 §3.2 to §3.12.</summary>
internal static class GatewayMessages
{
    /// <summary>WELCOME (81).</summary>
    internal static TlkFrame Welcome(
        HelloMessage hello, byte txn, string gateway, ulong durable, int window, int maxBody, TlkCaps caps, DateTimeOffset clock,
        ReadOnlySpan<byte> nonce) =>
        new(TlkType.Welcome, TlkFlags.None, txn, new TlvWriter()
            .Text(Tag.Gateway, gateway)
            .U64(Tag.Epoch, hello.Register.Epoch)
            .Bytes(Tag.PeerNonce, hello.Nonce.Span)
            .U64(Tag.Durable, durable)
            .U8(Tag.Window, (byte)window)
            .U16(Tag.MaxBody, (ushort)maxBody)
            .U32(Tag.Caps, (uint)caps)
            .Time(Tag.Clock, clock)
            .Bytes(Tag.Nonce, nonce)
            .ToArray());

    /// <summary>NAK (83).</summary>
    internal static TlkFrame Nak(
        NakReason reason, byte txn = 0, ulong? epoch = null, ulong? seq = null, string? text = null, TimeSpan? wait = null, ulong? expected = null)
    {
        TlvWriter payload = new TlvWriter().U8(Tag.Reason, (byte)reason);
        if (epoch is { } e)
        {
            payload.U64(Tag.Epoch, e);
        }

        if (seq is { } s)
        {
            payload.U64(Tag.Seq, s);
        }

        if (text is not null)
        {
            payload.TextUpTo(Tag.Text, text, Tag.TextLength);
        }

        if (wait is { } w)
        {
            payload.U32(Tag.Wait, (uint)w.TotalMilliseconds);
        }

        if (expected is { } x)
        {
            payload.U64(Tag.Expected, x);
        }

        if (reason == NakReason.Version)
        {
            payload.U8(Tag.LowestVersion, TlkFrame.Version).U8(Tag.HighestVersion, TlkFrame.Version);
        }

        return new(TlkType.Nak, TlkFlags.None, txn, payload.ToArray());
    }

    /// <summary>BUSY (84) as the answer to HELLO.</summary>
    internal static TlkFrame BusyHello(byte txn, TimeSpan wait) =>
        new(TlkType.Busy, TlkFlags.None, txn, new TlvWriter().U32(Tag.Wait, (uint)wait.TotalMilliseconds).ToArray());

    /// <summary>BUSY (84) about a record.</summary>
    internal static TlkFrame BusyRecord(ulong epoch, ulong seq, TimeSpan wait) =>
        new(TlkType.Busy, TlkFlags.None, 0, new TlvWriter()
            .U64(Tag.Epoch, epoch).U64(Tag.Seq, seq).U32(Tag.Wait, (uint)wait.TotalMilliseconds).ToArray());

    /// <summary>GET (85).</summary>
    internal static TlkFrame Get(byte txn, ulong epoch, ulong from, ulong to) =>
        new(TlkType.Get, TlkFlags.None, txn, new TlvWriter().U64(Tag.Epoch, epoch).U64(Tag.From, from).U64(Tag.To, to).ToArray());

    /// <summary>LEASE (87). The kind is left out where it is 1, as it mostly is.</summary>
    internal static TlkFrame Lease(byte txn, ulong epoch, LeaseOffer lease)
    {
        TlvWriter payload = new TlvWriter()
            .U64(Tag.Epoch, epoch)
            .U64(Tag.Lease, lease.Lease)
            .Text(Tag.LeaseBlock, lease.Block)
            .U8(Tag.LeaseYear, (byte)lease.Year)
            .U64(Tag.LeaseFirstCode, (ulong)lease.FirstCode)
            .U64(Tag.LeaseLastCode, (ulong)lease.LastCode)
            .Text(Tag.LeaseSeries, lease.Series)
            .U32(Tag.LeaseFirstNumber, (uint)lease.FirstNumber)
            .U32(Tag.LeaseLastNumber, (uint)lease.LastNumber)
            .Time(Tag.LeaseUntil, lease.Until);
        return new(TlkType.Lease, TlkFlags.None, txn, (lease.Kind == 1 ? payload : payload.U8(Tag.LeaseKind, (byte)lease.Kind)).ToArray());
    }

    /// <summary>TIME (88).</summary>
    internal static TlkFrame Time(byte txn, DateTimeOffset clock) =>
        new(TlkType.Time, TlkFlags.None, txn, new TlvWriter().Time(Tag.Clock, clock).ToArray());

    /// <summary>ASK (8A).</summary>
    internal static TlkFrame Ask(byte txn) => new(TlkType.Ask, TlkFlags.None, txn, default);

    /// <summary>ERROR (FF).</summary>
    internal static TlkFrame Error(ErrorReason reason, TlkType about, byte txn, string? text)
    {
        TlvWriter payload = new TlvWriter().U8(Tag.Reason, (byte)reason).U8(Tag.About, (byte)about);
        if (text is not null)
        {
            payload.TextUpTo(Tag.Text, text, Tag.TextLength);
        }

        return new(TlkType.GatewayError, TlkFlags.None, txn, payload.ToArray());
    }
}
