using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Session;

namespace FirmwareSim.Tests.Session;

/// <summary>Runs the step function as the pump does, with a clock that the test moves, and writes down what happens as short words.</summary>
internal sealed class SessionBench
{
    private static readonly DateTimeOffset Clock = new(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7));
    private readonly List<string> _done = [];
    private long _nonce;

    public FakeShelf Shelf { get; } = new();

    public SessionState State { get; private set; } = new();

    public long Now { get; private set; } = 1_000_000;

    /// <summary>Bytes of the frames sent since the last look (records are not in it).</summary>
    public List<byte[]> Wires { get; } = [];

    public byte[]? PairingKey { get; init; }

    public bool TakesLeases { get; init; }

    public bool TakesTime { get; init; }

    /// <summary>The register's clock.</summary>
    public DateTimeOffset RegisterClock { get; set; } = Clock;

    /// <summary>Key of the sealed session that <see cref="WelcomeSealed"/> made.</summary>
    public byte[] SessionKey { get; private set; } = [];

    /// <summary>If false, records stay unhanded: the line is full.</summary>
    public bool Hands { get; set; } = true;

    public static RecordResult Issued(uint number) => RecordResult.Issued($"M1-26-ABCDE-{number:D11}", "C26MAA", number, null);

    /// <summary>What was done since the last look.</summary>
    public string Done()
    {
        string done = string.Join(' ', _done);
        _done.Clear();
        Wires.Clear();
        return done;
    }

    public SessionBench Up()
    {
        Step(new SessionInput.LineUp());
        return Wake();
    }

    public SessionBench Down()
    {
        Step(new SessionInput.LineDown());
        return this;
    }

    public SessionBench Wake()
    {
        Step(new SessionInput.Wake());
        return this;
    }

    /// <summary>Moves the clock, stopping at each due time as the pump's timer does.</summary>
    public SessionBench After(long ms)
    {
        long end = Now + ms;
        while (RegisterSession.NextDue(State) is long due && due <= end)
        {
            Now = Math.Max(Now, due);
            Wake();
        }

        Now = end;
        return Wake();
    }

    public SessionBench Receive(FrameType type, byte txn, Action<TlvWriter> write, FrameFlags flags = FrameFlags.None)
    {
        TlvWriter writer = new();
        write(writer);
        Step(new SessionInput.Received(new Frame(type, flags, txn, writer.ToArray())));
        return Wake();
    }

    public SessionBench Welcome(ulong durable, byte window = 4, ushort maxBody = 1024, byte? txn = null, byte[]? nonce = null, ulong? epoch = null)
    {
        Greeting? greeting = State.Greeting;
        return Receive(FrameType.Welcome, txn ?? greeting!.Txn, writer => writer
            .Text(Tag.Gateway, "gateway")
            .U64(Tag.Epoch, epoch ?? Shelf.Epoch)
            .Bytes(Tag.PeerNonce, nonce ?? greeting!.Nonce)
            .U64(Tag.Durable, durable)
            .U8(Tag.Window, window)
            .U16(Tag.MaxBody, maxBody)
            .U32(Tag.Caps, 0)
            .Time(Tag.Clock, Clock)
            .Bytes(Tag.Nonce, new byte[16]));
    }

    public SessionBench ReceiveFrame(Frame frame)
    {
        Step(new SessionInput.Received(frame));
        return Wake();
    }

    /// <summary>WELCOME as a gateway with the same key seals it.</summary>
    public SessionBench WelcomeSealed(ulong durable)
    {
        Greeting greeting = State.Greeting!;
        byte[] nonce = new byte[16];
        SessionKey = FrameSeal.SessionKey(PairingKey!, greeting.Nonce, nonce);
        byte[] payload = new TlvWriter().Text(Tag.Gateway, "gateway").U64(Tag.Epoch, Shelf.Epoch).Bytes(Tag.PeerNonce, greeting.Nonce)
            .U64(Tag.Durable, durable).U8(Tag.Window, 4).U16(Tag.MaxBody, 1024).U32(Tag.Caps, 8).Time(Tag.Clock, Clock).Bytes(Tag.Nonce, nonce)
            .ToArray();
        return ReceiveFrame(Seals.Answer(FrameType.Welcome, greeting.Txn, payload, PairingKey!, greeting.Nonce));
    }

    public SessionBench Ack(params (ulong Seq, RecordResult Result)[] results) => Receive(FrameType.Ack, 0, writer =>
    {
        writer.U64(Tag.Epoch, Shelf.Epoch).U64(Tag.Durable, results.Length == 0 ? 0 : results.Max(result => result.Seq));
        foreach ((ulong seq, RecordResult result) in results)
        {
            writer.Bytes(Tag.Result, result.ToGroup(seq));
        }
    });

    public SessionBench Nak(NakReason reason, byte txn = 0, ulong? expected = null, uint? wait = null) =>
        Receive(FrameType.Nak, txn, writer =>
        {
            writer.U8(Tag.Reason, (byte)reason);
            if (expected is ulong value)
            {
                writer.U64(Tag.Expected, value);
            }

            if (wait is uint ms)
            {
                writer.U32(Tag.Wait, ms);
            }
        });

    public SessionBench Busy(uint wait, byte txn = 0) => Receive(FrameType.Busy, txn, writer =>
    {
        writer.U32(Tag.Wait, wait);
        if (txn == 0)
        {
            writer.U64(Tag.Epoch, Shelf.Epoch).U64(Tag.Seq, 1);
        }
    });

    public SessionBench Get(ulong from, ulong to, byte txn = 1, ulong? epoch = null) => Receive(
        FrameType.Get, txn, writer => writer.U64(Tag.Epoch, epoch ?? Shelf.Epoch).U64(Tag.From, from).U64(Tag.To, to));

    /// <summary>All records up to this one have their result.</summary>
    public SessionBench AckedUpTo(ulong seq)
    {
        for (ulong i = 1; i <= seq; i++)
        {
            Shelf[i] = Issued((uint)i);
        }

        return this;
    }

    /// <summary>A session with everything up to <paramref name="acked"/> answered; what led to it is forgotten.</summary>
    public SessionBench InSession(ulong acked = 0, ulong newest = 0, byte window = 4)
    {
        Shelf.Newest = newest;
        AckedUpTo(acked).Up().Welcome(acked, window);
        Done();
        return this;
    }

    private void Step(SessionInput input)
    {
        _nonce++;
        byte[] nonce = [.. BitConverter.GetBytes(_nonce), .. new byte[8]];
        (State, IReadOnlyList<SessionEffect> effects) = RegisterSession.Step(State, input, new SessionContext(Now, RegisterClock, nonce, "SIM-0001", 1024, Shelf)
        {
            PairingKey = PairingKey,
            TakesLeases = TakesLeases,
            TakesTime = TakesTime,
        });
        foreach (SessionEffect effect in effects)
        {
            Do(effect);
        }
    }

    private void Do(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.Send send:
                _done.Add(send.Type.ToString().ToUpperInvariant());
                Wires.Add(send.Wire);
                if (send.Type == FrameType.Hello)
                {
                    Step(new SessionInput.HelloHanded());
                }

                break;
            case SessionEffect.SendRecord record:
                _done.Add($"REC{record.Seq}{(record.Recovered is null ? "" : record.Recovered.Length == 0 ? "empty" : "held")}");
                if (Hands)
                {
                    Step(new SessionInput.RecordHanded(record.Seq));
                }

                break;
            case SessionEffect.TakeLease take:
                Shelf.Lease = take.Lease;
                _done.Add($"lease{take.Lease.Id}");
                Step(new SessionInput.LeaseStored(take.Request, take.Lease.Id, Shelf.Newest));
                break;
            case SessionEffect.SetClock set:
                RegisterClock = set.Clock;
                _done.Add(set.IsRecorded ? "clock:recorded" : "clock");
                break;
            case SessionEffect.Store store:
                foreach (AckResult result in store.Results)
                {
                    Shelf[result.Seq] = result.Result;
                    _done.Add($"store{result.Seq}");
                }

                break;
            case SessionEffect.Stop:
                _done.Add("stop");
                break;
            case SessionEffect.Release:
                _done.Add("release");
                break;
            case SessionEffect.Drop drop:
                _done.Add("drop:" + drop.Reason.ToString().ToLowerInvariant());
                break;
        }
    }
}
