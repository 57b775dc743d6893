using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Tests;

/// <summary>A gateway as TLK/1 §7 to §9 describe it, with what it recorded in memory and with a script for what goes wrong.</summary>
internal sealed class TestGateway
{
    private readonly ConcurrentDictionary<ulong, Entered> _entered = new();
    private readonly Lock _gate = new();
    private readonly List<byte[]> _fragments = [];
    private FrameReader _frames = new(new DropCounters(), fromGateway: false);
    private ulong _assembling;
    private ulong _acked;
    private bool _session;
    private byte _txn;
    private ulong _numbers;

    /// <summary>What the gateway holds for good, by sequence.</summary>
    public IReadOnlyDictionary<ulong, Entered> Records => _entered;

    public ulong Epoch { get; private set; }

    public ulong Durable { get; private set; }

    public int Hellos { get; private set; }

    public int Repeated { get; private set; }

    /// <summary>Records that came before one that did not.</summary>
    public int TooEarly { get; private set; }

    public List<(ulong Seq, byte[] Recovered)> RecoveredRecords { get; } = [];

    public List<(FrameType Type, byte[] Payload)> Heard { get; } = [];

    public byte Window { get; init; } = 8;

    public ushort MaxBody { get; init; } = 1024;

    /// <summary>Asked for each record before it is answered: false loses the answer (the record is recorded).</summary>
    public Func<ulong, bool> Answers { get; set; } = _ => true;

    /// <summary>Asked for each record before it is recorded: what to say instead of recording it.</summary>
    public Func<ulong, byte[]?> Instead { get; set; } = _ => null;

    /// <summary>Asked for each HELLO: what to say instead of WELCOME.</summary>
    public Func<byte, byte[]?> InsteadOfWelcome { get; set; } = _ => null;

    /// <summary>The gateway is replaced by one that knows only records up to this one.</summary>
    public void ForgetAfter(ulong durable)
    {
        lock (_gate)
        {
            foreach (ulong seq in _entered.Keys.Where(seq => seq > durable).ToArray())
            {
                _entered.TryRemove(seq, out _);
            }

            Durable = durable;
            _session = false;
        }
    }

    /// <summary>A restart: what is on its disk stays, the session does not.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _session = false;
        }
    }

    public async Task ServeAsync(Stream line, CancellationToken cancellationToken)
    {
        _frames = new FrameReader(new DropCounters(), fromGateway: false) { MaxBody = Limits.MostMaxBody };
        _session = false;
        byte[] buffer = new byte[4096];
        try
        {
            while (await line.ReadAsync(buffer, cancellationToken) is int read and > 0)
            {
                foreach (byte[] answer in Take(buffer.AsSpan(0, read)))
                {
                    await line.WriteAsync(answer, cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The line was cut; the test decides what comes next.
        }
    }

    public List<byte[]> Take(ReadOnlySpan<byte> bytes)
    {
        List<byte[]> answers = [];
        lock (_gate)
        {
            while (_frames.TryRead(ref bytes, out Frame frame))
            {
                Heard.Add((frame.Type, frame.Payload));
                answers.AddRange(Answer(frame));
            }
        }

        return answers;
    }

    public static byte[] Nak(NakReason reason, byte txn = 0, Action<TlvWriter>? more = null)
    {
        TlvWriter writer = new TlvWriter().U8(Tag.Reason, (byte)reason);
        more?.Invoke(writer);
        return Frame.Encode(FrameType.Nak, FrameFlags.None, txn, writer.ToArray());
    }

    public byte[] Ack(params (ulong Seq, RecordResult Result)[] results)
    {
        TlvWriter writer = new TlvWriter().U64(Tag.Epoch, Epoch).U64(Tag.Durable, Durable);
        foreach ((ulong seq, RecordResult result) in results)
        {
            writer.Bytes(Tag.Result, result.ToGroup(seq));
        }

        return Frame.Encode(FrameType.Ack, FrameFlags.None, 0, writer.ToArray());
    }

    private IEnumerable<byte[]> Answer(Frame frame) => frame.Type switch
    {
        FrameType.Hello => OnHello(frame),
        _ when !_session => [Nak(NakReason.NoSession, frame.Type == FrameType.Ping ? frame.Txn : (byte)0)],
        FrameType.Rec => OnRecord(frame),
        FrameType.Ping => [Frame.Encode(FrameType.GatewayPong, FrameFlags.None, frame.Txn, frame.Payload)],
        FrameType.Have => OnHave(frame),
        _ => [],
    };

    private IEnumerable<byte[]> OnHello(Frame frame)
    {
        TlvReader hello = new(frame.Payload, [.. Enumerable.Range(1, 0x0E).Select(tag => (byte)tag)]);
        Hellos++;
        if (InsteadOfWelcome(frame.Txn) is byte[] instead)
        {
            return [instead];
        }

        ulong epoch = hello.U64(Tag.Epoch);
        if (epoch != Epoch)
        {
            Epoch = epoch;
            Durable = 0;
            _entered.Clear();
        }

        _acked = hello.U64(Tag.Acked);
        _session = true;
        _fragments.Clear();
        byte[] welcome = new TlvWriter()
            .Text(Tag.Gateway, "test-gateway")
            .U64(Tag.Epoch, epoch)
            .Bytes(Tag.PeerNonce, hello.Bytes(Tag.Nonce, 16))
            .U64(Tag.Durable, Durable)
            .U8(Tag.Window, Window)
            .U16(Tag.MaxBody, MaxBody)
            .U32(Tag.Caps, 0)
            .Time(Tag.Clock, DateTimeOffset.UnixEpoch)
            .Bytes(Tag.Nonce, RandomNumberGenerator.GetBytes(16))
            .ToArray();
        byte[] wire = Frame.Encode(FrameType.Welcome, FrameFlags.None, frame.Txn, welcome);
        return Durable < _acked ? [wire, Get(Durable + 1, _acked)] : [wire];
    }

    private byte[] Get(ulong from, ulong to)
    {
        _txn = (byte)((_txn % 255) + 1);
        byte[] payload = new TlvWriter().U64(Tag.Epoch, Epoch).U64(Tag.From, from).U64(Tag.To, to).ToArray();
        return Frame.Encode(FrameType.Get, FrameFlags.None, _txn, payload);
    }

    private IEnumerable<byte[]> OnHave(Frame frame)
    {
        TlvReader have = new(frame.Payload, [Tag.Epoch, Tag.From, Tag.To, Tag.Present]);
        ulong to = have.U64(Tag.To);
        if (have.U8(Tag.Present) == 0)
        {
            Durable = to;
            return to < _acked ? [Get(to + 1, _acked)] : [];
        }

        return [];
    }

    private List<byte[]> OnRecord(Frame frame)
    {
        TlvReader rec = new(frame.Payload, [Tag.Epoch, Tag.Seq, Tag.Fragment, Tag.RecordLength, Tag.Record, Tag.Recovered]);
        ulong seq = rec.U64(Tag.Seq);
        if (!rec.Has(Tag.Fragment) || rec.U16(Tag.Fragment) == 0)
        {
            _fragments.Clear();
            _assembling = seq;
        }

        if (seq != _assembling || (rec.Has(Tag.Fragment) && rec.U16(Tag.Fragment) != _fragments.Count))
        {
            _fragments.Clear();
            return [];
        }

        _fragments.Add(rec.Bytes(Tag.Record));
        if (frame.Flags.HasFlag(FrameFlags.More))
        {
            return [];
        }

        byte[] record = [.. _fragments.SelectMany(part => part)];
        _fragments.Clear();
        return OnWholeRecord(seq, record, rec.Has(Tag.Recovered) ? rec.Bytes(Tag.Recovered) : null);
    }

    private List<byte[]> OnWholeRecord(ulong seq, byte[] record, byte[]? recovered)
    {
        byte[] hash = RecordHash.Of(Epoch, seq, record);
        if (_entered.TryGetValue(seq, out Entered? known))
        {
            Repeated++;
            return known.Hash.AsSpan().SequenceEqual(hash) ? Answer(seq, known.Result) : [Nak(NakReason.Conflict, 0, writer => writer.U64(Tag.Epoch, Epoch).U64(Tag.Seq, seq))];
        }

        if (Instead(seq) is byte[] instead)
        {
            return [instead];
        }

        if (seq != Durable + 1)
        {
            TooEarly++;
            return [Nak(NakReason.Gap, 0, writer => writer.U64(Tag.Epoch, Epoch).U64(Tag.Seq, seq).U64(Tag.Expected, Durable + 1))];
        }

        if (recovered is not null)
        {
            RecoveredRecords.Add((seq, recovered));
        }

        RecordResult result = recovered is { Length: > 0 } ? RecordResult.Read(recovered) : New(record);
        _entered[seq] = new Entered(hash, record, result);
        Durable = seq;
        return Answer(seq, result);
    }

    private List<byte[]> Answer(ulong seq, RecordResult result) => Answers(seq) ? [Ack((seq, result))] : [];

    private RecordResult New(byte[] record)
    {
        if (record[2] != (byte)RecordKind.Sale)
        {
            return RecordResult.Recorded();
        }

        _numbers++;
        string code = "M1-26-ABCDE-" + _numbers.ToString("D11", CultureInfo.InvariantCulture);
        return RecordResult.Issued(code, "C26MAA", (uint)_numbers, "https://tracuu.example/" + code);
    }

    public sealed record Entered(byte[] Hash, byte[] Record, RecordResult Result);
}
