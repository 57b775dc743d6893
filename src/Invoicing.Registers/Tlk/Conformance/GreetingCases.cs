using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>HELLO and what answers it: TLK/1 §3.1 to §3.6, §8.</summary>
internal static class GreetingCases
{
    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C020", "§3, §10", "HELLO is repeated byte for byte after 500 ms, then twice as long each time up to 8 s", BackOffAsync) { IsCold = true },
        new("C021", "§3.6, §8.2", "BUSY keeps HELLO quiet, then the same bytes come", BusyAsync) { IsCold = true },
        new("C022", "§3, §3.2", "a WELCOME with another txn, nonce or epoch is dropped", WrongWelcomeAsync) { IsCold = true },
        new("C023", "§3.1", "each new HELLO has a new nonce and the next txn", FreshAsync) { IsCold = true },
        new("C024", "§3.11", "STATUS follows WELCOME", StatusAsync) { IsCold = true },
        new("C025", "§3.5 reason 9", "NAK 9 in a session brings a new HELLO at once", NoSessionAsync),
        new("C026", "§3", "the same WELCOME again changes nothing", SecondWelcomeAsync) { IsCold = true },
        new("C027", "§3.5 reason 6", "NAK 6 to HELLO: a new HELLO after wait", bench => RefusedAsync(bench, 6, 2000)) { IsCold = true },
        new("C028", "§3.5 reason 5", "NAK 5 to HELLO: a new HELLO after wait", bench => RefusedAsync(bench, 5, 1500)) { IsCold = true },
        new("C029", "§3.5 reason 3", "NAK 3 to HELLO: a new HELLO after wait", bench => RefusedAsync(bench, 3, 1500)) { IsCold = true },
        new("C030", "§3.5 reason 8", "NAK 8 to HELLO: HELLO after 60 s", bench => RefusedAsync(bench, 8, null)) { IsCold = true, IsLong = true },
        new("C032", "§8", "before WELCOME PING, ASK and GET get no answer", EarlyAsync) { IsCold = true },
        new("C031", "§3.5", "NAK 9 while it greets: no storm of HELLOs", NoStormAsync) { IsCold = true },
    ];

    private static async Task BackOffAsync(Bench bench)
    {
        const int Repeats = 6;
        (HelloView hello, long began) = await FirstAfterAsync(bench).ConfigureAwait(false);
        Arrival first = new(hello.Frame, bench.Now);
        long specified = 0;
        long pause = 500;
        for (int i = 0; i < Repeats; i++)
        {
            Arrival again = await bench.ExpectAsync(TlkType.Hello, "HELLO again", bench.Within(9000)).ConfigureAwait(false);
            specified += pause;
            Bench.Check(again.IsSame(first), "the same HELLO byte for byte", "another");
            pause = Math.Min(pause * 2, 8000);
        }

        long took = bench.Now - began;
        long least = (bench.Ms(specified) * 3 / 4) - 100;
        Bench.Check(took >= least, $"{Repeats} repetitions in {bench.Ms(specified)} ms or so", $"in {took} ms");
    }

    /// <summary>A HELLO that was never sent before, so that its timer is at its beginning.</summary>
    private static async Task<HelloView> FirstAsync(Bench bench) => (await FirstAfterAsync(bench).ConfigureAwait(false)).Hello;

    /// <summary>The same, and a moment before it was sent.</summary>
    private static async Task<(HelloView Hello, long Asked)> FirstAfterAsync(Bench bench)
    {
        _ = await bench.SessionAsync().ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        long asked = await bench.EndSessionAsync().ConfigureAwait(false);
        _ = await bench.ExpectAsync(TlkType.Hello, "HELLO after NAK 9").ConfigureAwait(false);
        return (bench.Hello!, asked);
    }

    private static async Task BusyAsync(Bench bench)
    {
        HelloView hello = await FirstAsync(bench).ConfigureAwait(false);
        const uint Wait = 4000;
        long began = bench.Now;
        await bench.SendAsync(GatewayFrames.BusyHello(hello.Frame.Txn, Wait)).ConfigureAwait(false);
        Arrival again = await bench.ExpectAsync(TlkType.Hello, "HELLO after BUSY's wait", bench.Within(Wait)).ConfigureAwait(false);
        Bench.Check(bench.Now - began >= (bench.Ms(Wait) * 9 / 10) - 20, $"no HELLO for {bench.Ms(Wait)} ms", $"one after {bench.Now - began} ms");
        Bench.Check(again.IsSame(new(hello.Frame, 0)), "the same HELLO after BUSY", "another one");
    }

    private static async Task WrongWelcomeAsync(Bench bench)
    {
        await bench.SettleAsync().ConfigureAwait(false);
        await bench.SellAsync().ConfigureAwait(false);
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        ulong durable = Math.Max(bench.Ledger.Durable, hello.Acked);
        DateTimeOffset now = bench.Options.Time.GetUtcNow();
        TlkFrame[] wrong =
        [
            GatewayFrames.Welcome(hello, durable, Bench.Random16(), now, txn: (byte)(hello.Frame.Txn ^ 1)),
            GatewayFrames.Welcome(hello, durable, Bench.Random16(), now, peerNonce: Bench.Random16()),
            GatewayFrames.Welcome(hello, durable, Bench.Random16(), now, epoch: hello.Epoch ^ 1),
        ];
        foreach (TlkFrame welcome in wrong)
        {
            await bench.SendAsync(welcome).ConfigureAwait(false);
            Arrival? came = await bench.NextAsync(TimeSpan.FromMilliseconds(bench.Ms(600) + 50)).ConfigureAwait(false);
            Bench.Check(came is null or { Type: TlkType.Hello }, "HELLO still, or nothing", came?.ToString() ?? "");
        }

        await bench.SettleAsync().ConfigureAwait(false);
    }

    private static async Task FreshAsync(Bench bench)
    {
        HelloView first = await FirstAsync(bench).ConfigureAwait(false);
        HelloView second = await FirstAsync(bench).ConfigureAwait(false);
        HelloView third = await FirstAsync(bench).ConfigureAwait(false);
        Bench.Check(
            !first.Nonce.AsSpan().SequenceEqual(second.Nonce) && !second.Nonce.AsSpan().SequenceEqual(third.Nonce)
            && !first.Nonce.AsSpan().SequenceEqual(third.Nonce),
            "a new nonce in each new HELLO",
            Convert.ToHexString(second.Nonce) + " again");
        Bench.Check(second.Frame.Txn != first.Frame.Txn, "another txn in each new HELLO", $"{second.Frame.Txn} again");
        Bench.Check(second.Boot == first.Boot, $"boot {first.Boot}, as it did not restart", $"{second.Boot}");
    }

    private static async Task StatusAsync(Bench bench)
    {
        _ = await bench.SessionAsync().ConfigureAwait(false);
        Arrival status = await bench.ExpectAsync(TlkType.Status, "STATUS after WELCOME").ConfigureAwait(false);
        Bench.Check(status.Frame.Txn == 0, "STATUS with txn 0, as nobody asked", $"txn {status.Frame.Txn}");
        StatusCases.CheckStatus(status.Frame);
    }

    private static async Task NoSessionAsync(Bench bench)
    {
        byte[] nonce = bench.Hello!.Nonce;
        _ = await bench.EndSessionAsync().ConfigureAwait(false);
        _ = await bench.ExpectAsync(TlkType.Hello, "HELLO after NAK 9", bench.Within(500)).ConfigureAwait(false);
        Bench.Check(!bench.Hello!.Nonce.AsSpan().SequenceEqual(nonce), "a new nonce", "the one of the session before");
    }

    private static async Task SecondWelcomeAsync(Bench bench)
    {
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        TlkFrame welcome = bench.WelcomeTo(hello, null, 16, TlkFrame.DefaultMaxBody, out byte[] nonce);
        await bench.SendRawAsync(welcome.ToWire()).ConfigureAwait(false);
        bench.Begin(nonce);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        await bench.SendRawAsync(welcome.ToWire()).ConfigureAwait(false);
        List<Arrival> came = [.. await bench.ProbeAsync().ConfigureAwait(false), .. await bench.ProbeAsync().ConfigureAwait(false)];
        Bench.Check(!came.Exists(a => a.Type == TlkType.Hello), "no HELLO for a WELCOME that came twice", "one");
    }

    private static async Task RefusedAsync(Bench bench, byte reason, uint? wait)
    {
        HelloView hello = await FirstAsync(bench).ConfigureAwait(false);
        long began = bench.Now;
        await bench.SendAsync(GatewayFrames.Nak(reason, hello.Frame.Txn, wait: wait)).ConfigureAwait(false);
        long specified = wait ?? 60_000;
        _ = await bench.ExpectAsync(TlkType.Hello, "HELLO after NAK's wait", bench.Within(specified)).ConfigureAwait(false);
        Bench.Check(bench.Now - began >= (bench.Ms(specified) * 9 / 10) - 20, $"no HELLO for {bench.Ms(specified)} ms", $"one after {bench.Now - began} ms");
        Bench.Check(!bench.Hello!.Nonce.AsSpan().SequenceEqual(hello.Nonce), "a new HELLO with a new nonce", "the same");
    }

    private static async Task NoStormAsync(Bench bench)
    {
        (_, long began) = await FirstAfterAsync(bench).ConfigureAwait(false);
        for (int i = 0; i < 20; i++)
        {
            await bench.SendRawAsync(GatewayFrames.Nak((byte)NakReason.NoSession).ToWire()).ConfigureAwait(false);
        }

        // However slow the machine is: two at once, and one for each 500 ms that went by.
        int hellos = (await bench.CollectAsync(bench.Ms(700)).ConfigureAwait(false)).Count(a => a.Type == TlkType.Hello);
        long took = bench.Now - began;
        long most = 2 + (took / bench.Ms(500));
        Bench.Check(hellos <= most, $"at most {most} HELLO in {took} ms, however many NAK 9 come", $"{hellos}");
    }

    private static async Task EarlyAsync(Bench bench)
    {
        _ = await FirstAsync(bench).ConfigureAwait(false);
        foreach (TlkFrame request in new[] { GatewayFrames.Ping(201, 201), GatewayFrames.Ask(202), GatewayFrames.Get(203, bench.Ledger.Epoch, 1, 1) })
        {
            await bench.SendAsync(request).ConfigureAwait(false);
        }

        // The repetition of its HELLO comes behind whatever it may have to say.
        foreach (string which in new[] { "first", "second" })
        {
            Arrival? came = await bench.NextAsync(bench.Within(1000)).ConfigureAwait(false);
            Bench.Check(came?.Type == TlkType.Hello, $"nothing but HELLO, the {which} time", came?.ToString() ?? "nothing");
        }
    }
}
