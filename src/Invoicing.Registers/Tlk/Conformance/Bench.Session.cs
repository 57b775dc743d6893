using System.Globalization;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>The usual steps of a gateway: greeting, taking records, answering them.</summary>
internal sealed partial class Bench
{
    private TlkFrame? _welcomed;
    private byte[] _welcome = [];

    /// <summary>Waits for a frame of a type and passes over all others.</summary>
    internal async Task<Arrival> ExpectAsync(TlkType type, string what, TimeSpan? within = null, Func<Arrival, bool>? only = null)
    {
        long end = Now + (long)(within ?? Soon).TotalMilliseconds;
        while (await NextAsync(TimeSpan.FromMilliseconds(end - Now)).ConfigureAwait(false) is { } arrival)
        {
            if (arrival.Type == type && (only is null || only(arrival)))
            {
                return arrival;
            }
        }

        throw new RuleBrokenException(what, Lately());
    }

    /// <summary>Everything that comes in so long.</summary>
    internal async Task<List<Arrival>> CollectAsync(long milliseconds)
    {
        List<Arrival> all = [];
        long end = Now + milliseconds;
        while (await NextAsync(TimeSpan.FromMilliseconds(end - Now)).ConfigureAwait(false) is { } arrival)
        {
            all.Add(arrival);
        }

        return all;
    }

    /// <summary>Says what a gateway without a session says, until HELLO comes.</summary>
    internal async Task<HelloView> GreetAsync()
    {
        await OpenAsync().ConfigureAwait(false);
        Forget();
        long end = Now + (long)Within(60_000).TotalMilliseconds;
        while (Now < end)
        {
            await SendRawAsync(GatewayFrames.Nak((byte)NakReason.NoSession).ToWire()).ConfigureAwait(false);
            long repeat = Now + Ms(600) + 100;
            while (await NextAsync(TimeSpan.FromMilliseconds(repeat - Now)).ConfigureAwait(false) is { } arrival)
            {
                if (arrival.Type == TlkType.Hello)
                {
                    return Hello!;
                }
            }
        }

        throw new RuleBrokenException("HELLO when the line opens, or after NAK 9", Lately(), "§8.1");
    }

    /// <summary>Ends the session, once, as a gateway that was restarted does.</summary>
    /// <returns>When NAK 9 was sent.</returns>
    internal async Task<long> EndSessionAsync()
    {
        if (IsSealed)
        {
            // NAK 9 without a seal ends a session at most once in 8 s (§3.13), and the session may be that young.
            _ = await CollectAsync(Ms(8000) + 100).ConfigureAwait(false);
        }

        long asked = Now;
        await SendRawAsync(GatewayFrames.Nak((byte)NakReason.NoSession).ToWire()).ConfigureAwait(false);
        return asked;
    }

    /// <summary>Answers a HELLO.</summary>
    internal async Task WelcomeAsync(HelloView hello, ulong? durable = null, int window = 16, int maxBody = TlkFrame.DefaultMaxBody)
    {
        TlkFrame welcome = WelcomeTo(hello, durable, window, maxBody, out byte[] nonce);
        _welcomed = hello.Frame;
        _welcome = welcome.ToWire();
        await SendRawAsync(_welcome).ConfigureAwait(false);
        _seal?.Begin(nonce);
    }

    private bool IsWelcomed(TlkFrame frame) =>
        _welcomed is { } hello && frame.Type == TlkType.Hello && frame.Txn == hello.Txn && frame.Payload.Span.SequenceEqual(hello.Payload.Span);

    /// <summary>The WELCOME, sealed if the line is, and its nonce.</summary>
    internal TlkFrame WelcomeTo(HelloView hello, ulong? durable, int window, int maxBody, out byte[] nonce)
    {
        nonce = Random16();
        return Sealed(GatewayFrames.Welcome(
            hello, durable ?? Math.Max(Ledger.Durable, hello.Acked), nonce, Options.Time.GetUtcNow(), window, Math.Min(maxBody, hello.MaxBody),
            caps: (uint)((hello.Can(HelloView.TakesTime) ? TlkCaps.Time : TlkCaps.None) | (IsSealed ? TlkCaps.Seals : TlkCaps.None))));
    }

    /// <summary>From now on frames are sealed for this session.</summary>
    internal void Begin(byte[] welcomeNonce) => _seal?.Begin(welcomeNonce);

    /// <summary>Opens a session.</summary>
    internal async Task<HelloView> SessionAsync(ulong? durable = null, int window = 16, int maxBody = TlkFrame.DefaultMaxBody)
    {
        HelloView hello = await GreetAsync().ConfigureAwait(false);
        await WelcomeAsync(hello, durable, window, maxBody).ConfigureAwait(false);

        // A line that comes up twice (a port that is opened) brings a second HELLO, which a gateway welcomes instead; three are enough.
        for (int i = 0; i < 3 && await NextAsync(TimeSpan.FromMilliseconds(200 + Ms(400))).ConfigureAwait(false) is { } first; i++)
        {
            if (first.Type != TlkType.Hello)
            {
                Arrival[] behind = [.. _arrived];
                _arrived.Clear();
                _arrived.Enqueue(first);
                Array.ForEach(behind, _arrived.Enqueue);
                break;
            }

            hello = Hello!;
            await WelcomeAsync(hello, durable, window, maxBody).ConfigureAwait(false);
        }

        return hello;
    }

    /// <summary>Asks for a sale.</summary>
    internal Task SellAsync(int lines = 1) => Options.Sell is { } sell ? sell(lines, Cancel) : Task.CompletedTask;

    /// <summary>Waits for a whole record, one of a sequence if that is given. Does not answer it.</summary>
    internal async Task<Arrival> RecordAsync(ulong? seq = null, string? what = null, TimeSpan? within = null)
    {
        string expected = what ?? (seq is { } s ? string.Create(CultureInfo.InvariantCulture, $"record {s}") : "a record");
        return await ExpectAsync(
            TlkType.Rec, expected, within ?? Options.SalePatience, a => a.Record is not null && (seq is null || a.Seq == seq)).ConfigureAwait(false);
    }

    /// <summary>A new sale and its record, not answered.</summary>
    internal async Task<Arrival> SaleAsync(int lines = 1)
    {
        ulong before = Ledger.Durable;
        await SellAsync(lines).ConfigureAwait(false);
        return await RecordAsync(before + 1, $"record {before + 1} after a sale was asked for").ConfigureAwait(false);
    }

    /// <summary>Answers a record with its result.</summary>
    internal async Task AckAsync(params ulong[] seqs)
    {
        (ulong Seq, GivenResult Result)[] results = [.. seqs.Select(seq => (seq, Ledger.ResultOf(seq)))];
        Array.ForEach(seqs, Ledger.Tell);
        await SendAsync(GatewayFrames.Ack(Ledger.Epoch, Ledger.Durable, results)).ConfigureAwait(false);
    }

    /// <summary>Opens a session in which everything is answered: where most cases begin.</summary>
    internal async Task SettleAsync()
    {
        // Twice the window at most is under way after one case; the bound only ends a register that never comes to rest.
        for (int round = 0; round < 64; round++)
        {
            HelloView hello = await SessionAsync().ConfigureAwait(false);
            if (hello.Acked >= hello.Newest)
            {
                return;
            }

            await AnswerUpToAsync(hello.Newest).ConfigureAwait(false);
            if (Options.Sell is null)
            {
                return; // a register that sells by itself has always something new
            }
        }

        throw new RuleBrokenException("acked = newest after every record had its result", $"acked {Hello!.Acked}, newest {Hello.Newest}", "§3.1, §5");
    }

    /// <summary>Takes and answers records until one has its result, and all before it.</summary>
    /// <remarks>
    /// A result that was sent in a session before may have come through, and then its record does not come again; or it may have been lost.
    /// So those are waited for no longer than a register needs to send what it has. A register that sells by itself sends later records
    /// all the time: only those that are asked for put the end off.
    /// </remarks>
    internal async Task AnswerUpToAsync(ulong newest)
    {
        SortedSet<ulong> missing = [];
        for (ulong seq = Hello!.Acked + 1; seq <= newest; seq++)
        {
            _ = missing.Add(seq);
        }

        long end = Now + PatienceFor(missing);
        while (missing.Count > 0)
        {
            Arrival? arrival = await NextAsync(TimeSpan.FromMilliseconds(end - Now)).ConfigureAwait(false);
            if (arrival is null)
            {
                Check(missing.All(Ledger.IsTold), string.Create(CultureInfo.InvariantCulture, $"record {missing.Min}"), Lately());
                return;
            }

            if (arrival.Record is not null)
            {
                await AckAsync(arrival.Seq).ConfigureAwait(false);
                end = missing.Remove(arrival.Seq) ? Now + PatienceFor(missing) : end;
            }
        }
    }

    private long PatienceFor(SortedSet<ulong> missing) => missing.All(Ledger.IsTold) ? Ms(2000) + 200 : (long)Soon.TotalMilliseconds;

    /// <summary>A PING that the register must answer, and what else came before its PONG.</summary>
    internal async Task<List<Arrival>> ProbeAsync()
    {
        List<Arrival> before = [];
        byte txn = NextTxn();
        await SendAsync(GatewayFrames.Ping(txn, txn)).ConfigureAwait(false);
        long end = Now + (long)Soon.TotalMilliseconds;
        while (await NextAsync(TimeSpan.FromMilliseconds(end - Now)).ConfigureAwait(false) is { } arrival)
        {
            if (arrival.Type == TlkType.Pong && arrival.Frame.Txn == txn)
            {
                return before;
            }

            before.Add(arrival);
        }

        throw new RuleBrokenException($"PONG with txn {txn}", Lately(), "§3.8");
    }

    /// <summary>Sends bytes that must be dropped without reply, and proves it: two PINGs behind them are answered and nothing else comes.</summary>
    internal async Task DroppedAsync(byte[] bytes, string what)
    {
        await SendRawAsync(bytes).ConfigureAwait(false);
        List<Arrival> came = [.. await ProbeAsync().ConfigureAwait(false), .. await ProbeAsync().ConfigureAwait(false)];
        Arrival? reply = came.Find(a => a.Type is not (TlkType.Status or TlkType.Rec));
        Check(reply is null, $"no reply to {what}", reply?.ToString() ?? "");
    }

    /// <summary>All that was asked of the register is there once: a new session, every record answered, nothing broken on the way.</summary>
    internal async Task OnceAsync(ulong seq)
    {
        await SettleAsync().ConfigureAwait(false);
        Check(Ledger.Durable >= seq, $"record {seq} in the end", $"{Ledger.Durable} as the last one");
    }
}
