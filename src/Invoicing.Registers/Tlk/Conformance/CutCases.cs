using System.Globalization;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>The line is cut after every byte of each exchange; afterwards every sale is there once: TLK/1 §8, §13.</summary>
/// <remarks>
/// What the register says is read up to the cut and the rest is lost; what the gateway says is sent up to the cut. Then the line is opened
/// again (every 16th time it is really closed, else the gateway's NAK 9 says that there is no session), which is the same to the protocol.
/// </remarks>
internal static class CutCases
{
    /// <summary>Places of a quick run.</summary>
    private const int QuickPlaces = 16;

    /// <summary>Each so many cuts the line is really closed: opening a port takes some devices a second, and a line pauses before it opens again soon.</summary>
    private const int ClosedEach = 16;

    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C140", "§8, §13", "the line is cut in HELLO", HelloAsync),
        new("C141", "§8, §13", "the line is cut in WELCOME", WelcomeAsync),
        new("C142", "§8, §13", "the line is cut in a record of one frame", bench => RecordAsync(bench, 1, TlkFrame.DefaultMaxBody)),
        new("C143", "§8, §13", "the line is cut in a record in fragments", bench => RecordAsync(bench, RecordCases.ManyLines, TlkFrame.SmallestMaxBody)),
        new("C144", "§8, §13", "the line is cut in ACK", AckAsync),
        new("C145", "§8, §9.5", "the line is cut in GET", GetAsync),
        new("C146", "§8, §9.5", "the line is cut in HAVE and the recovered record behind it", HaveAsync),
        new("C147", "§8, §3.9", "the line is cut in LEASE", LeaseAsync),
    ];

    /// <summary>Where to cut: after every byte, or at places spread over all, the ends among them.</summary>
    private static IEnumerable<int> Places(Bench bench, int length) =>
        !bench.Options.IsQuick || length <= QuickPlaces
            ? Enumerable.Range(1, length)
            : Enumerable.Range(0, QuickPlaces).Select(i => 1 + (i * (length - 1) / (QuickPlaces - 1)));

    private static async Task CutAsync(Bench bench)
    {
        if (bench.Cuts++ % ClosedEach == 0)
        {
            await bench.CutAsync().ConfigureAwait(false);
        }
        else
        {
            // What is still on its way is read by GreetAsync until HELLO; the half frame before it ends with the next 00.
            bench.Forget();
        }
    }

    private static string At(int place) => string.Create(CultureInfo.InvariantCulture, $"cut after byte {place}");

    private static async Task HelloAsync(Bench bench)
    {
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        int length = (bench.IsSealed ? 16 : 0) + hello.Frame.ToWire().Length;
        foreach (int place in Places(bench, length))
        {
            _ = await bench.SessionAsync().ConfigureAwait(false);
            _ = await bench.ProbeAsync().ConfigureAwait(false);
            _ = await bench.EndSessionAsync().ConfigureAwait(false);
            byte[] came = await bench.BytesAsync(place, bench.Soon).ConfigureAwait(false);
            Bench.Check(came.Length == place, $"{place} bytes of HELLO", $"{came.Length}");
            await CutAsync(bench).ConfigureAwait(false);
        }

        await bench.SettleAsync().ConfigureAwait(false);
    }

    private static async Task WelcomeAsync(Bench bench)
    {
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        int length = bench.WelcomeTo(hello, null, 16, TlkFrame.DefaultMaxBody, out _).ToWire().Length;
        foreach (int place in Places(bench, length - 2))
        {
            hello = await bench.GreetAsync().ConfigureAwait(false);
            byte[] wire = bench.WelcomeTo(hello, null, 16, TlkFrame.DefaultMaxBody, out _).ToWire();
            await bench.SendRawAsync(wire.AsMemory(0, Math.Min(place, wire.Length - 1))).ConfigureAwait(false);
            await CutAsync(bench).ConfigureAwait(false);
        }

        await bench.SettleAsync().ConfigureAwait(false);
    }

    private static async Task RecordAsync(Bench bench, int lines, int maxBody)
    {
        ulong before = bench.Ledger.Durable;
        await bench.SellAsync(lines).ConfigureAwait(false);
        Arrival sale = await bench.RecordAsync(before + 1).ConfigureAwait(false);
        int length = await LengthAsync(bench, sale.Seq, maxBody).ConfigureAwait(false);
        foreach (int place in Places(bench, length))
        {
            HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
            Bench.Check(hello.Acked < sale.Seq, $"record {sale.Seq} without a result, {At(place)}", $"acked {hello.Acked}");
            await bench.WelcomeAsync(hello, maxBody: maxBody).ConfigureAwait(false);
            byte[] came = await bench.BytesAsync(place, bench.Soon).ConfigureAwait(false);
            Bench.Check(came.Length == place, $"{place} bytes after WELCOME", $"{came.Length}");
            await CutAsync(bench).ConfigureAwait(false);
        }

        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    /// <summary>How many bytes STATUS and the record take after WELCOME.</summary>
    private static async Task<int> LengthAsync(Bench bench, ulong seq, int maxBody)
    {
        _ = await bench.SessionAsync(maxBody: maxBody).ConfigureAwait(false);
        int length = 0;
        while (true)
        {
            Arrival arrival = await bench.NextAsync(bench.Soon).ConfigureAwait(false)
                ?? throw new RuleBrokenException($"record {seq} after WELCOME", bench.Lately());
            length += arrival.Frame.ToWire().Length + (bench.IsSealed ? 16 : 0);
            if (arrival.Record is not null && arrival.Seq == seq)
            {
                return length;
            }
        }
    }

    private static async Task AckAsync(Bench bench)
    {
        ulong last = 0;
        int length = int.MaxValue;
        for (int place = 1; place < length; place = NextPlace(bench, place, length))
        {
            // Whole once in a while: a cut that only the gateway's closing 00 was missing to may count as come.
            if (last == 0 || (await bench.GreetAsync().ConfigureAwait(false)).Acked >= last)
            {
                _ = await bench.SessionAsync().ConfigureAwait(false);
                last = (await bench.SaleAsync().ConfigureAwait(false)).Seq;
            }
            else
            {
                await bench.WelcomeAsync(bench.Hello!).ConfigureAwait(false);
                _ = await bench.RecordAsync(last, $"record {last} again, {At(place)}", bench.Soon).ConfigureAwait(false);
            }

            byte[] wire = bench.Sealed(GatewayFrames.Ack(bench.Ledger.Epoch, bench.Ledger.Durable, (last, bench.Ledger.ResultOf(last)))).ToWire();
            length = wire.Length;
            await bench.SendRawAsync(wire.AsMemory(0, Math.Min(place, length))).ConfigureAwait(false);
            await CutAsync(bench).ConfigureAwait(false);
        }

        await bench.OnceAsync(last).ConfigureAwait(false);
    }

    private static int NextPlace(Bench bench, int place, int length) =>
        place + (bench.Options.IsQuick ? Math.Max(1, length / QuickPlaces) : 1);

    private static async Task GetAsync(Bench bench)
    {
        (ulong from, ulong to) = await RecoveryCases.LoseAsync(bench, 1).ConfigureAwait(false);
        int length = GatewayFrames.Get(1, bench.Ledger.Epoch, from, to).ToWire().Length + (bench.IsSealed ? 16 : 0);
        foreach (int place in Places(bench, length - 2))
        {
            byte[] wire = bench.Sealed(GatewayFrames.Get(bench.NextTxn(), bench.Ledger.Epoch, from, to)).ToWire();
            await bench.SendRawAsync(wire.AsMemory(0, Math.Min(place, wire.Length - 1))).ConfigureAwait(false);
            await CutAsync(bench).ConfigureAwait(false);
            _ = await bench.SessionAsync(durable: from - 1).ConfigureAwait(false);
        }

        await FinishAsync(bench, from, to).ConfigureAwait(false);
    }

    private static async Task FinishAsync(Bench bench, ulong from, ulong to)
    {
        _ = await RecoveryCases.GetAsync(bench, from, to).ConfigureAwait(false);
        await RecoveryCases.TakeAsync(bench, from, to).ConfigureAwait(false);
        await bench.OnceAsync(to).ConfigureAwait(false);
    }

    private static async Task HaveAsync(Bench bench)
    {
        (ulong from, ulong to) = await RecoveryCases.LoseAsync(bench, 1).ConfigureAwait(false);
        int record = bench.Ledger.Record(from)!.Length;

        // HAVE, the envelope and the result are about 160 bytes more; what lies behind does no harm.
        foreach (int place in Places(bench, record + 160))
        {
            _ = await bench.ProbeAsync().ConfigureAwait(false);
            await bench.SendAsync(GatewayFrames.Get(bench.NextTxn(), bench.Ledger.Epoch, from, to)).ConfigureAwait(false);
            byte[] came = await bench.BytesAsync(place, bench.Soon).ConfigureAwait(false);
            Bench.Check(came.Length > 0, "HAVE", "nothing");
            await CutAsync(bench).ConfigureAwait(false);
            _ = await bench.SessionAsync(durable: from - 1).ConfigureAwait(false);
        }

        await FinishAsync(bench, from, to).ConfigureAwait(false);
    }

    private static async Task LeaseAsync(Bench bench)
    {
        LeaseCases.NeedsLease(bench);
        GrantedLease granted = LeaseCases.Next(bench);
        int length = bench.Sealed(GatewayFrames.LeaseOf(1, bench.Ledger.Epoch, granted)).ToWire().Length;
        foreach (int place in Places(bench, length - 2))
        {
            byte[] wire = bench.Sealed(GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted)).ToWire();
            await bench.SendRawAsync(wire.AsMemory(0, Math.Min(place, wire.Length - 2))).ConfigureAwait(false);
            await CutAsync(bench).ConfigureAwait(false);
            _ = await bench.SessionAsync().ConfigureAwait(false);
        }

        // Only a whole one counts, so it is still new.
        _ = await LeaseCases.GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted), granted, taken: true).ConfigureAwait(false);
    }
}
