using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>Sealed frames: TLK/1 §3.13. Every other case runs sealed, too, if there is a key.</summary>
internal static class SealCases
{
    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C130", "§3.13", "HELLO and what follows carry right tags", RightAsync),
        new("C131", "§3.13", "a frame without a tag is dropped in a sealed session", BareAsync),
        new("C132", "§3.13", "a frame with a wrong tag is dropped", WrongAsync),
        new("C133", "§3.13", "a WELCOME without a tag opens nothing", BareWelcomeAsync) { IsCold = true },
        new("C134", "§3.13", "a frame of an earlier session is dropped", ReplayAsync),
        new("C135", "§3.13", "in a session NAK 1, 2 and 6 without a tag are dropped", BareNakAsync),
        new("C136", "§3.13", "NAK 9 without a tag ends a session at most once in 8 s", HintAsync),
        new("C137", "§3.13", "in a session that is not sealed, a sealed frame is dropped", SealedAsync),
    ];

    private static void NeedsKey(Bench bench)
    {
        if (!bench.IsSealed)
        {
            throw new NotApplicableException("no key was given");
        }
    }

    private static async Task RightAsync(Bench bench)
    {
        NeedsKey(bench);
        Bench.Check(bench.Hello!.Can(HelloView.CanSeal), "caps bit 3, as it seals", $"caps {bench.Hello.Caps:X}");
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static Task BareAsync(Bench bench)
    {
        NeedsKey(bench);
        return bench.DroppedAsync(GatewayFrames.Ping(200, 200).ToWire(), "a PING without a tag");
    }

    private static Task WrongAsync(Bench bench)
    {
        NeedsKey(bench);
        TlkFrame frame = bench.Sealed(GatewayFrames.Ping(200, 200));
        byte[] payload = frame.Payload.ToArray();
        payload[^1] ^= 1;
        return bench.DroppedAsync((frame with { Payload = payload }).ToWire(), "a PING with one bit of its tag wrong");
    }

    private static async Task BareWelcomeAsync(Bench bench)
    {
        NeedsKey(bench);
        await bench.SettleAsync().ConfigureAwait(false);
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        TlkFrame welcome = GatewayFrames.Welcome(hello, Math.Max(bench.Ledger.Durable, hello.Acked), Bench.Random16(), bench.Options.Time.GetUtcNow());
        await bench.SendRawAsync(welcome.ToWire()).ConfigureAwait(false);
        _ = await bench.ExpectAsync(TlkType.Hello, "HELLO again, as WELCOME had no tag", bench.Within(8000)).ConfigureAwait(false);
    }

    private static async Task ReplayAsync(Bench bench)
    {
        NeedsKey(bench);
        byte[] old = bench.Sealed(GatewayFrames.Ping(201, 201)).ToWire();
        _ = await bench.SessionAsync().ConfigureAwait(false);
        await bench.DroppedAsync(old, "a PING that was sealed for the session before").ConfigureAwait(false);
    }

    private static async Task BareNakAsync(Bench bench)
    {
        NeedsKey(bench);
        foreach (byte reason in new byte[] { 1, 2, 6 })
        {
            await bench.DroppedAsync(GatewayFrames.Nak(reason).ToWire(), $"a NAK {reason} without a tag").ConfigureAwait(false);
        }

        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
    }

    /// <summary>Right after a session that NAK 9 has ended, another NAK 9 ends nothing.</summary>
    private static async Task HintAsync(Bench bench)
    {
        NeedsKey(bench);
        byte[] hint = GatewayFrames.Nak((byte)Messages.NakReason.NoSession).ToWire();
        await bench.SettleAsync().ConfigureAwait(false);
        _ = await bench.EndSessionAsync().ConfigureAwait(false);
        _ = await bench.ExpectAsync(TlkType.Hello, "HELLO after NAK 9 without a tag", bench.Within(8000)).ConfigureAwait(false);
        long began = bench.Now;
        int hellos = 0;
        while (bench.Now - began < bench.Ms(16_000))
        {
            byte[] nonce = bench.Hello!.Nonce;
            await bench.WelcomeAsync(bench.Hello).ConfigureAwait(false);
            do
            {
                await bench.SendRawAsync(hint).ConfigureAwait(false);
                _ = await bench.CollectAsync(20).ConfigureAwait(false);
            }
            while (bench.Now - began < bench.Ms(16_000) && bench.Hello!.Nonce.AsSpan().SequenceEqual(nonce));
            hellos += bench.Hello!.Nonce.AsSpan().SequenceEqual(nonce) ? 0 : 1;
        }

        long most = 1 + ((bench.Now - began) / bench.Ms(8000));
        Bench.Check(hellos <= most, $"at most {most} new HELLOs in {bench.Now - began} ms", $"{hellos}");
    }

    private static Task SealedAsync(Bench bench)
    {
        if (bench.IsSealed)
        {
            throw new NotApplicableException("a key was given");
        }

        Seal seal = new(new byte[32]);
        return bench.DroppedAsync(seal.Close(GatewayFrames.Ping(202, 202)).ToWire(), "a sealed PING");
    }
}
