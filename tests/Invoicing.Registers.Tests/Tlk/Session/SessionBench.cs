using System.Collections.Immutable;
using Invoicing.Hashing;
using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>Drives a session by hand: a register's frames, the recorder's answers and time, each when the test says.</summary>
internal sealed class SessionBench(TlkOptions? options = null)
{
    internal const ulong Epoch = Vectors.Epoch;
    internal const string Serial = "SIM-0001";

    private readonly TlkOptions _options = options ?? new() { Gateway = "gateway-1", MaxBody = 1024 };
    private readonly List<TlkEffect> _effects = [];

    internal TlkState State { get; private set; } = new();

    internal long Now { get; private set; } = 10_000;

    /// <summary>Records handed to the recorder and not answered, oldest first.</summary>
    internal List<TlkEffect.Record> Recording { get; } = [];

    internal List<TlkEffect.RecordGap> Gaps { get; } = [];

    internal List<TlkEffect.Ask> Asked { get; } = [];

    internal List<TlkEffect.ReadClock> Clocks { get; } = [];

    internal List<TlkEffect.OfferLease> Offers { get; } = [];

    internal List<TlkEffect.AnswerLease> LeaseAnswers { get; } = [];

    /// <summary>A bench with an open session: durable 5, unless told otherwise.</summary>
    internal static SessionBench Open(ulong durable = 5, ulong acked = 5, ulong newest = 1000, uint caps = 0)
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Come(Hello(newest: newest, acked: acked, caps: caps));
        bench.Stand(new RegisterStanding.Open(durable));
        Assert.Equal(TlkPhase.Open, bench.State.Phase);
        bench.Drain();
        return bench;
    }

    internal static TlkFrame Hello(
        ulong oldest = 1, ulong newest = 1000, ulong acked = 5, ulong epoch = Epoch, byte nonce = 1, string serial = Serial, ushort maxBody = 1024, byte txn = 1,
        uint caps = 0) =>
        new(TlkType.Hello, TlkFlags.None, txn, new TlvWriter()
            .Text(Tag.Serial, serial).Text(Tag.Model, "Test").Text(Tag.Firmware, "1").U64(Tag.Epoch, epoch).U32(Tag.Boot, 1)
            .U64(Tag.Oldest, oldest).U64(Tag.Newest, newest).U64(Tag.Acked, acked)
            .Time(Tag.Clock, DateTimeOffset.UnixEpoch).U8(Tag.Confidence, 2).U16(Tag.MaxBody, maxBody).U32(Tag.Caps, caps)
            .Bytes(Tag.Nonce, [.. Enumerable.Repeat(nonce, 16)]).ToArray());

    internal static TlkFrame Rec(ulong seq, byte[]? record = null, byte[]? recovered = null, ulong epoch = Epoch)
    {
        TlvWriter payload = new TlvWriter().U64(Tag.Epoch, epoch).U64(Tag.Seq, seq).Bytes(Tag.Record, record ?? Vectors.Record(0));
        return new(TlkType.Rec, TlkFlags.None, 0, (recovered is null ? payload : payload.Bytes(Tag.Recovered, recovered)).ToArray());
    }

    internal static TlkFrame Part(ulong seq, int index, bool more, byte[] part, int? length = null)
    {
        TlvWriter payload = new TlvWriter().U64(Tag.Epoch, Epoch).U64(Tag.Seq, seq).U16(Tag.Fragment, (ushort)index);
        if (length is { } l)
        {
            payload.U32(Tag.RecordLength, (uint)l);
        }

        return new(TlkType.Rec, more ? TlkFlags.More : TlkFlags.None, 0, payload.Bytes(Tag.Record, part).ToArray());
    }

    internal static TlkFrame Have(byte txn, ulong from, ulong to, bool present) =>
        new(TlkType.Have, TlkFlags.None, txn, new TlvWriter()
            .U64(Tag.Epoch, Epoch).U64(Tag.From, from).U64(Tag.To, to).U8(Tag.Present, present ? (byte)1 : (byte)0).ToArray());

    internal static RecordOutcome Issued(int number) =>
        new RecordOutcome.Issued(new($"M1-26-ABCDE-{number:00000000000}", "C26MAA", number), $"https://tracuu.example/M1-26-ABCDE-{number:00000000000}");

    internal void Take(TlkInput input)
    {
        (State, ImmutableArray<TlkEffect> effects) = TlkSession.Step(State, input, Now, _options);
        foreach (TlkEffect effect in effects)
        {
            _effects.Add(effect);
            switch (effect)
            {
                case TlkEffect.Record record:
                    Recording.Add(record);
                    break;
                case TlkEffect.RecordGap gap:
                    Gaps.Add(gap);
                    break;
                case TlkEffect.Ask ask:
                    Asked.Add(ask);
                    break;
                case TlkEffect.ReadClock read:
                    Clocks.Add(read);
                    break;
                case TlkEffect.OfferLease offer:
                    Offers.Add(offer);
                    break;
                case TlkEffect.AnswerLease answer:
                    LeaseAnswers.Add(answer);
                    break;
            }
        }
    }

    internal void Come(TlkFrame frame) => Come(frame.ToWire());

    internal void Come(byte[] wire)
    {
        foreach (TlkRun run in Vectors.Decode(wire, State.MaxBody))
        {
            Take(new TlkInput.Came(run));
        }
    }

    internal void Stand(RegisterStanding standing) =>
        Take(new TlkInput.Stands(State.Session, standing, DateTimeOffset.FromUnixTimeMilliseconds(1782892800250).ToOffset(TimeSpan.FromHours(7)),
            Enumerable.Range(0x20, 16).Select(i => (byte)i).ToArray()));

    /// <summary>Answers the oldest record that the recorder has.</summary>
    internal void Finish(RecordOutcome outcome)
    {
        TlkEffect.Record record = Recording[0];
        Recording.RemoveAt(0);
        Take(new TlkInput.Done(record.Ticket, outcome));
    }

    internal void FinishGap(RecordOutcome outcome)
    {
        TlkEffect.RecordGap gap = Gaps[0];
        Gaps.RemoveAt(0);
        Take(new TlkInput.Done(gap.Ticket, outcome));
    }

    /// <summary>Lets time pass, with a tick at each moment that the session asked to be woken at.</summary>
    /// <returns>What was sent, with the moments since the call in milliseconds.</returns>
    internal List<(long At, string What)> Wait(long milliseconds)
    {
        List<(long, string)> sent = [];
        long start = Now;
        long end = Now + milliseconds;
        while (TlkSession.NextWake(State) is { } next && next <= end)
        {
            Now = Math.Max(Now, next);
            Take(new TlkInput.Tick());
            sent.AddRange(Drain().Select(what => (Now - start, what)));
        }

        Now = end;
        Take(new TlkInput.Tick());
        sent.AddRange(Drain().Select(what => (Now - start, what)));
        return sent;
    }

    /// <summary>What was sent since the last call, in words.</summary>
    internal List<string> Drain()
    {
        List<string> sent = [.. _effects.OfType<TlkEffect.Send>().Select(send => Words(send.Frame))];
        _effects.Clear();
        return sent;
    }

    internal List<TlkFrame> DrainFrames()
    {
        List<TlkFrame> sent = [.. _effects.OfType<TlkEffect.Send>().Select(send => send.Frame)];
        _effects.Clear();
        return sent;
    }

    internal List<TlkCounter> DrainCounters() => [.. _effects.OfType<TlkEffect.Count>().Select(count => count.Counter)];

    internal List<TlkEvent> Told() => [.. _effects.OfType<TlkEffect.Tell>().Select(tell => tell.Event)];

    internal bool HungUp() => _effects.OfType<TlkEffect.HangUp>().Any();

    internal static Sha256Hash AnyHash => Sha256Hash.Of([1]);

    /// <summary>A frame in words: type, transaction where there is one, and what matters in it.</summary>
    internal static string Words(TlkFrame frame)
    {
        TlvFault fault = new();
        byte[] all = [.. Enumerable.Range(1, 0x7F).Select(i => (byte)i)];
        TlvGroup f = new(frame.Payload, "sent", all, [Tag.Result], fault);
        string txn = frame.Txn == 0 ? string.Empty : $" txn {frame.Txn}";
        string words = frame.Type switch
        {
            TlkType.Welcome => $"WELCOME durable {f.U64(Tag.Durable)}",
            TlkType.Ack => $"ACK {f.U64(Tag.Durable)}:{string.Concat(f.All(Tag.Result).Select(Result))}",
            TlkType.Nak => $"NAK {f.U8(Tag.Reason)}" + (f.Has(Tag.Seq) ? $" seq {f.U64(Tag.Seq)}" : string.Empty)
                + (f.Has(Tag.Expected) ? $" expected {f.U64(Tag.Expected)}" : string.Empty),
            TlkType.Busy => "BUSY" + (f.Has(Tag.Seq) ? $" seq {f.U64(Tag.Seq)}" : string.Empty) + $" {f.U32(Tag.Wait)}",
            TlkType.Get => $"GET {f.U64(Tag.From)}..{f.U64(Tag.To)}",
            TlkType.GatewayPong => $"PONG {f.U32(Tag.Counter)}",
            TlkType.GatewayPing => $"PING {f.U32(Tag.Counter)}",
            TlkType.Time => $"TIME {f.Time(Tag.Clock):HH:mm:ss}",
            TlkType.Ask => "ASK",
            TlkType.Lease => $"LEASE {f.U64(Tag.Lease)}",
            TlkType.GatewayError => $"ERROR {f.U8(Tag.Reason)} about {f.U8(Tag.About):X2}",
            _ => frame.Type.ToString(),
        };
        Assert.Null(fault.First);
        return words + txn;
    }

    private static string Result(ReadOnlyMemory<byte> bytes)
    {
        TlvFault fault = new();
        TlvGroup r = new(bytes, "result", [1, 2, 3, 4, 5, 6, 7, 8], [], fault);
        string words = r.U8(ResultTag.Outcome) switch
        {
            ResultTag.Issued => $" {r.U64(1)} ISSUED {r.U32(ResultTag.Number)}",
            ResultTag.Held => $" {r.U64(1)} HELD",
            _ => $" {r.U64(1)} RECORDED",
        };
        Assert.Null(fault.First);
        return words;
    }
}
