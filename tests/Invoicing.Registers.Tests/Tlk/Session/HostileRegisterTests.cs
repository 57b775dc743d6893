using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>Frames whose checksum is right and whose content is anything: no exception, no growth, no record out of order.</summary>
public sealed class HostileRegisterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_a_register_sends_the_session_stays_sound(int seed)
    {
        Random random = new(seed);
        byte[][] payloads = [.. Vectors.Of("frames").Where(v => v.Text("from") == "register").Select(v => v.Hex("payload"))];
        TlkType[] types = Enum.GetValues<TlkType>();
        SessionBench bench = new(new() { MaxBody = 1024 });
        bench.Take(new TlkInput.LineUp());
        Dictionary<string, int> said = [];
        for (int step = 0; step < 8000; step++)
        {
            switch (random.Next(14))
            {
                case 0 when random.Next(3) == 0 || bench.State.Phase == TlkPhase.None:
                    bench.Come(SessionBench.Hello(newest: 40, acked: (ulong)random.Next(20), nonce: (byte)random.Next(256)));
                    break;
                case 1 or 2 when bench.State is { Phase: TlkPhase.Opening, Asked: true }:
                    bench.Stand(Standing(random));
                    break;
                case 3 or 4 when bench.Recording.Count > 0:
                    bench.Finish(Outcome(random));
                    break;
                case 5 when bench.Gaps.Count > 0:
                    bench.FinishGap(Outcome(random));
                    break;
                case 6:
                    foreach ((_, string words) in bench.Wait(random.Next(8) == 0 ? 6000 : random.Next(400)))
                    {
                        Hear(words, said);
                    }

                    break;
                case 7 or 8 when bench.State.Phase == TlkPhase.Open:
                    bench.Come(SessionBench.Rec(bench.State.Expected, recovered: random.Next(2) == 0 ? [] : null));
                    break;
                case 9 when bench.State.Get is { } get:
                    bench.Come(SessionBench.Have(get.Frame.Txn, get.From, get.From + (ulong)random.Next(4), random.Next(2) == 0));
                    break;
                case 10:
                    bench.Come(PingMessage.Write(TlkType.Ping, (byte)random.Next(1, 256), (uint)step));
                    break;
                case 11 when random.Next(20) == 0 || bench.State.Phase == TlkPhase.Down:
                    bench.Take(bench.State.Phase == TlkPhase.Down ? new TlkInput.LineUp() : new TlkInput.LineGone());
                    break;
                default:
                    bench.Come(new TlkFrame(types[random.Next(types.Length)], (TlkFlags)random.Next(8), (byte)random.Next(256), Damaged(payloads, random)));
                    break;
            }

            Check(bench, $"seed {seed}, step {step}");
            foreach (string words in bench.Drain())
            {
                Hear(words, said);
            }
        }

        // The walk went everywhere, or it would prove little.
        Assert.All((string[])["ACK", "BUSY", "ERROR", "GET", "NAK", "PING", "PONG", "WELCOME"], kind => Assert.True(said.GetValueOrDefault(kind) > 5, $"seed {seed}: {kind}"));
    }

    private static void Hear(string words, Dictionary<string, int> said)
    {
        string kind = words.Split(' ', ':')[0];
        said[kind] = said.GetValueOrDefault(kind) + 1;
    }

    private static void Check(SessionBench bench, string where)
    {
        Assert.True(bench.State.Pending.Count <= 32, where);
        Assert.True(bench.State.InRecorder == bench.Recording.Count + bench.Gaps.Count, where);
        Assert.True(bench.State.Phase != TlkPhase.Open || bench.State.Expected > 0, where);
        Assert.True((bench.State.Assembly?.Got ?? 0) <= 24_576, where);
        ulong last = bench.State.Pending.Where(p => !p.IsRepeat).Select(p => p.Last).DefaultIfEmpty(0ul).Max();
        Assert.True(bench.State.Pending.IsEmpty || last == 0 || last == bench.State.Expected - 1, where);
    }

    private static byte[] Damaged(byte[][] payloads, Random random)
    {
        byte[] payload = [.. payloads[random.Next(payloads.Length)]];
        int changes = random.Next(4);
        for (int i = 0; i < changes && payload.Length > 0; i++)
        {
            payload[random.Next(payload.Length)] = (byte)random.Next(256);
        }

        return payload[..(random.Next(5) == 0 ? random.Next(payload.Length + 1) : payload.Length)];
    }

    private static RegisterStanding Standing(Random random) => random.Next(6) switch
    {
        0 => new RegisterStanding.Waiting("waiting"),
        1 => new RegisterStanding.Retired(),
        2 => new RegisterStanding.Stopped("stopped"),
        _ => new RegisterStanding.Open((ulong)random.Next(45)),
    };

    private static RecordOutcome Outcome(Random random) => random.Next(8) switch
    {
        0 => new RecordOutcome.NotNow("not now"),
        1 => new RecordOutcome.Gap((ulong)random.Next(1, 20)),
        2 => new RecordOutcome.Conflict(SessionBench.AnyHash),
        3 => new RecordOutcome.Held("held"),
        4 => new RecordOutcome.Recorded(),
        _ => SessionBench.Issued(random.Next(1, 1000)),
    };
}
