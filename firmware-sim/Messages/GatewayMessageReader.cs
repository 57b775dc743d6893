using System.Collections.Immutable;
using FirmwareSim.Bytes;
using FirmwareSim.Records;

namespace FirmwareSim.Messages;

/// <summary>Check 11 of TLK/1 §1.3: is the payload what §3 says? One method per message, its table above it.</summary>
internal static class GatewayMessageReader
{
    private const int GatewayText = 32;
    private const int FaultText = 200;

    /// <summary>Types that this register knows; others fail check 9.</summary>
    public static bool Knows(FrameType type) => type
        is FrameType.Welcome or FrameType.Ack or FrameType.Nak or FrameType.Busy or FrameType.Get or FrameType.GatewayPong
        or FrameType.Lease or FrameType.Time or FrameType.GatewayPing or FrameType.Ask or FrameType.GatewayError;

    /// <summary>Reads a payload of a known type.</summary>
    /// <exception cref="MalformedException">The payload breaks §2 or §3.</exception>
    public static GatewayMessage Read(FrameType type, byte[] payload) => type switch
    {
        FrameType.Welcome => Welcome(payload),
        FrameType.Ack => Ack(payload),
        FrameType.Nak => Nak(payload),
        FrameType.Busy => Busy(payload),
        FrameType.Get => Get(payload),
        FrameType.GatewayPong => new GatewayMessage.Pong(Counter(payload)),
        FrameType.GatewayPing => new GatewayMessage.Ping(Counter(payload)),
        FrameType.Lease => Lease(payload),
        FrameType.Time => new GatewayMessage.Time(new TlvReader(payload, [Tag.Clock]).Time(Tag.Clock)),
        FrameType.Ask => Ask(payload),
        FrameType.GatewayError => Fault(payload),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a type that a gateway sends"),
    };

    // gateway, epoch, peer nonce, durable, window 1..16, max body 512..4,096, caps, clock, nonce
    private static GatewayMessage.Welcome Welcome(byte[] payload)
    {
        TlvReader tlvs = new(payload,
        [
            Tag.Gateway, Tag.Epoch, Tag.PeerNonce, Tag.Durable, Tag.Window, Tag.MaxBody, Tag.Caps, Tag.Clock, Tag.Nonce,
        ]);
        string gateway = tlvs.Text(Tag.Gateway, GatewayText);
        byte window = tlvs.U8(Tag.Window);
        ushort maxBody = tlvs.U16(Tag.MaxBody);
        Require(window is >= Limits.LeastWindow and <= Limits.MostWindow, $"window 1..16 expected, {window} found");
        Require(maxBody is >= Limits.LeastMaxBody and <= Limits.MostMaxBody, $"max body 512..4096 expected, {maxBody} found");
        tlvs.U32(Tag.Caps);
        tlvs.Time(Tag.Clock);
        return new(
            gateway, Epoch(tlvs), tlvs.Bytes(Tag.PeerNonce, Limits.NonceLength), tlvs.U64(Tag.Durable), window, maxBody,
            tlvs.Bytes(Tag.Nonce, Limits.NonceLength));
    }

    // epoch, durable, result *
    private static GatewayMessage.Ack Ack(byte[] payload)
    {
        TlvReader tlvs = new(payload, [Tag.Epoch, Tag.Durable, Tag.Result], [Tag.Result]);
        ImmutableArray<AckResult>.Builder results = ImmutableArray.CreateBuilder<AckResult>();
        foreach (byte[] group in tlvs.All(Tag.Result))
        {
            results.Add(RecordResult.ReadWithSeq(group));
        }

        return new(Epoch(tlvs), tlvs.U64(Tag.Durable), results.ToImmutable());
    }

    // reason; optional epoch, seq, text, wait, expected, lowest and highest version
    private static GatewayMessage.Nak Nak(byte[] payload)
    {
        TlvReader tlvs = new(payload,
        [
            Tag.Reason, Tag.Epoch, Tag.Seq, Tag.Text, Tag.Wait, Tag.Expected, Tag.LowestVersion, Tag.HighestVersion,
        ]);
        return new(
            (NakReason)tlvs.U8(Tag.Reason),
            tlvs.Has(Tag.Epoch) ? Epoch(tlvs) : null,
            tlvs.Has(Tag.Seq) ? tlvs.U64(Tag.Seq) : null,
            tlvs.Has(Tag.Text) ? tlvs.Text(Tag.Text, FaultText) : null,
            tlvs.Has(Tag.Wait) ? tlvs.U32(Tag.Wait) : null,
            tlvs.Has(Tag.Expected) ? tlvs.U64(Tag.Expected) : null,
            tlvs.Has(Tag.LowestVersion) ? tlvs.U8(Tag.LowestVersion) : null,
            tlvs.Has(Tag.HighestVersion) ? tlvs.U8(Tag.HighestVersion) : null);
    }

    // wait 100..60,000 ms; for REC also epoch and seq
    private static GatewayMessage.Busy Busy(byte[] payload)
    {
        TlvReader tlvs = new(payload, [Tag.Wait, Tag.Epoch, Tag.Seq]);
        uint wait = tlvs.U32(Tag.Wait);
        Require(wait is >= Limits.LeastBusyMs and <= Limits.MostBusyMs, $"wait 100..60000 ms expected, {wait} found");
        return new(tlvs.Has(Tag.Epoch) ? Epoch(tlvs) : null, tlvs.Has(Tag.Seq) ? tlvs.U64(Tag.Seq) : null, wait);
    }

    // epoch, from >= 1, to >= from
    private static GatewayMessage.Get Get(byte[] payload)
    {
        TlvReader tlvs = new(payload, [Tag.Epoch, Tag.From, Tag.To]);
        ulong from = tlvs.U64(Tag.From);
        ulong to = tlvs.U64(Tag.To);
        Require(from >= 1 && to >= from, $"1 <= from <= to expected, {from} and {to} found");
        return new(Epoch(tlvs), from, to);
    }

    // epoch, lease >= 1, block, year, first and last code, series, first and last number, until; optional kind
    private static GatewayMessage.Lease Lease(byte[] payload)
    {
        TlvReader tlvs = new(payload,
        [
            Tag.Epoch, Tag.Lease, Tag.LeaseBlock, Tag.LeaseYear, Tag.LeaseFirstCode, Tag.LeaseLastCode, Tag.LeaseSeries,
            Tag.LeaseFirstNumber, Tag.LeaseLastNumber, Tag.LeaseUntil, Tag.LeaseKind,
        ]);
        ulong id = tlvs.U64(Tag.Lease);
        ulong firstCode = tlvs.U64(Tag.LeaseFirstCode);
        ulong lastCode = tlvs.U64(Tag.LeaseLastCode);
        uint firstNumber = tlvs.U32(Tag.LeaseFirstNumber);
        uint lastNumber = tlvs.U32(Tag.LeaseLastNumber);
        string block = tlvs.Text(Tag.LeaseBlock, Limits.LeaseBlock);
        Require(id >= 1, "lease >= 1 expected, 0 found");
        Require(block.Length == Limits.LeaseBlock, $"block of 5 characters expected, '{block}' found");
        string series = tlvs.Text(Tag.LeaseSeries, Limits.Series);
        byte kind = tlvs.Has(Tag.LeaseKind) ? tlvs.U8(Tag.LeaseKind) : (byte)1;
        byte year = tlvs.U8(Tag.LeaseYear);
        Require(firstCode <= lastCode && lastCode <= Limits.MostCode, "codes in rising order, 11 digits, expected");
        Require(series.Length == Limits.Series, $"series of 6 characters expected, '{series}' found");
        Require(kind is >= 1 and <= 9 && year <= 99, $"kind 1..9 and year 0..99 expected, {kind} and {year} found");
        Require((block + series).All(char.IsAscii), "block and series of ASCII characters expected");
        Require(firstNumber >= 1 && firstNumber <= lastNumber && lastNumber <= Limits.MostNumber, "numbers 1..99,999,999 expected");
        Require(lastCode - firstCode == lastNumber - firstNumber, "as many numbers as codes expected");
        return new(
            Epoch(tlvs),
            new(id, kind, block, year, firstCode, lastCode, series, firstNumber, lastNumber, tlvs.Time(Tag.LeaseUntil)));
    }

    private static GatewayMessage.Ask Ask(byte[] payload)
    {
        _ = new TlvReader(payload, []);
        return new();
    }

    // reason, about; optional text, seq
    private static GatewayMessage.Fault Fault(byte[] payload)
    {
        TlvReader tlvs = new(payload, [Tag.Reason, Tag.About, Tag.Text, Tag.Seq]);
        return new(tlvs.U8(Tag.Reason), tlvs.U8(Tag.About), tlvs.Has(Tag.Text) ? tlvs.Text(Tag.Text, FaultText) : null);
    }

    private static uint Counter(byte[] payload) => new TlvReader(payload, [Tag.Counter]).U32(Tag.Counter);

    private static ulong Epoch(TlvReader tlvs)
    {
        ulong epoch = tlvs.U64(Tag.Epoch);
        Require(epoch != 0, "epoch 0");
        return epoch;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new MalformedException(otherwise);
        }
    }
}
