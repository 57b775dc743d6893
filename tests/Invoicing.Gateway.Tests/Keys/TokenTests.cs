using System.Security.Cryptography;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Keys;
using Invoicing.Gateway.Keys.Tokens;
using Invoicing.Gateway.Recording;
using Invoicing.Sales;
using Invoicing.Signing;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Invoicing.Gateway.Tests.Recording.RecordCalls;

namespace Invoicing.Gateway.Tests.Keys;

/// <summary>The key on a token that is pulled out, swapped, hangs and crashes, in a process of its own.</summary>
public sealed class TokenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_token_pulled_out_in_mid_sale_tells_registers_to_wait_and_sales_go_on_when_it_is_back()
    {
        const int Callers = 8;
        const int Sales = 30;
        using TokenLab lab = new();
        using TestShop shop = new();
        int sold = 0;
        int refused = 0;
        await using (InvoicingGateway gateway = await OpenAsync(shop, lab))
        {
            Task[] selling = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                for (ulong sequence = 1; sequence <= Sales;)
                {
                    RecordOutcome outcome = await Record(gateway, TestShop.Record(sequence, $"SIM-{caller:0000}"));
                    if (outcome is RecordOutcome.Issued)
                    {
                        sequence++;
                        Interlocked.Increment(ref sold);
                    }
                    else
                    {
                        Interlocked.Increment(ref refused);
                        Assert.Contains("token", Assert.IsType<RecordOutcome.NotNow>(outcome).Reason, StringComparison.Ordinal);
                        await Task.Delay(5); // a register asks again a little later
                    }
                }
            }))];
            for (int pull = 1; pull <= 3; pull++)
            {
                int least = Callers * Sales * pull / 5;
                await Waiting.Until(() => Volatile.Read(ref sold) >= least, $"{least} sales", Patience);
                int before = Volatile.Read(ref refused);
                lab.Set("gone", isOn: true);
                await Waiting.Until(
                    () => Volatile.Read(ref refused) > before && gateway.Status.Recording.State == RecordingState.Waiting, "a sale was refused", Patience);
                lab.Set("gone", isOn: false);
            }

            await Task.WhenAll(selling).Soon(Patience);
            Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
        }

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon(Patience);
        Assert.True(report.IsSound, string.Join("; ", report.Faults));
        Assert.Equal(Callers * Sales, report.Invoices);
        Assert.DoesNotContain('n', lab.Logins);
    }

    [Theory]
    [InlineData("crash", "crashed")]
    [InlineData("hang", "has not answered within")]
    public async Task A_library_that_crashes_or_hangs_is_ended_and_started_again(string flag, string reason)
    {
        using TokenLab lab = new();
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await OpenAsync(shop, lab))
        {
            await Record(gateway, TestShop.Record(1));
            lab.Set(flag, isOn: true);
            RecordOutcome.NotNow outcome = Assert.IsType<RecordOutcome.NotNow>(await gateway.RecordAsync(TestShop.Record(2), default).Soon(Patience));
            Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
            lab.Set(flag, isOn: false);
            await SellAsync(gateway, 2);
        }

        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon(Patience)).IsSound);
    }

    [Fact]
    public async Task Another_token_with_the_same_names_stays_unused_and_gets_no_pin()
    {
        using TokenLab lab = new();
        using TestShop shop = new();
        await using InvoicingGateway gateway = await OpenAsync(shop, lab);
        await Record(gateway, TestShop.Record(1));
        string id = gateway.Status.Key.Id.ToString();

        lab.Set("gone", isOn: true);
        Assert.IsType<RecordOutcome.NotNow>(await Record(gateway, TestShop.Record(2)));
        lab.UseTokens("others");
        lab.Initialize("till");
        lab.Tool("--keypairgen", "--key-type", "EC:prime256v1", "--label", "sign", "--id", "07");
        string logins = lab.Logins;
        lab.Set("gone", isOn: false);
        await Waiting.Until(() => Reason(gateway, 2)?.Contains("expected key", StringComparison.Ordinal) == true, "the other token is named", Patience);
        Assert.Contains($"expected key {id} on the token, found ", Reason(gateway, 2)!, StringComparison.Ordinal);
        Assert.Equal(logins, lab.Logins);

        lab.UseTokens("tokens");
        await SellAsync(gateway, 2);
    }

    [Fact]
    public async Task A_wrong_pin_is_tried_once_and_again_only_when_its_file_has_changed()
    {
        using TokenLab lab = new();
        using TestShop shop = new();
        await using (InvoicingGateway first = await OpenAsync(shop, lab))
        {
            await Record(first, TestShop.Record(1));
        }

        const string Wrong = "0000-not-the-pin";
        lab.WritePin(Wrong);
        string before = lab.Logins;
        await using InvoicingGateway gateway = await OpenAsync(shop, lab);
        string reason = Reason(gateway, 2)!;
        Assert.Contains("expected the token's PIN, found another", reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, reason, StringComparison.Ordinal);

        // Longer than many of the waits between tries take, by the count of what is refused and by the clock of the machine that runs the test.
        var time = System.Diagnostics.Stopwatch.StartNew();
        await Waiting.Until(() => Reason(gateway, 2) is null || time.Elapsed > TimeSpan.FromSeconds(4), "some tries", Patience);
        Assert.Equal(before + "n", lab.Logins);

        lab.WritePin(TokenLab.Pin);
        await SellAsync(gateway, 2);
        Assert.Equal(before + "ny", lab.Logins);
    }

    [Fact]
    public async Task A_gateway_opens_without_its_token_and_sells_when_it_comes()
    {
        using TokenLab lab = new();
        using TestShop shop = new();
        await using (InvoicingGateway first = await OpenAsync(shop, lab))
        {
            await Record(first, TestShop.Record(1));
        }

        lab.Set("gone", isOn: true);
        await using InvoicingGateway gateway = await OpenAsync(shop, lab);
        Assert.Contains("expected the token 'till', found none in any slot; put it in", Reason(gateway, 2), StringComparison.Ordinal);
        lab.Set("gone", isOn: false);
        await SellAsync(gateway, 2);
    }

    [Fact]
    public async Task A_key_that_was_put_under_another_name_is_found_where_the_settings_say()
    {
        using TokenLab lab = new();
        using TestShop shop = new();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Put(shop, lab, key, "before");
        await using (InvoicingGateway first = await InvoicingGateway.OpenAsync(
            shop.Options with { Keys = TokenKeys.Options(lab), SigningKey = TokenKeys.At("before") }).Soon(Patience))
        {
            await Record(first, TestShop.Record(1));
        }

        lab.Tool("--delete-object", "--type", "privkey", "--label", "before");
        lab.Tool("--delete-object", "--type", "pubkey", "--label", "before");
        Put(shop, lab, key, "after");
        GatewayOptions moved = shop.Options with { Keys = TokenKeys.Options(lab), SigningKey = TokenKeys.At("after") };
        await using (InvoicingGateway gateway = await InvoicingGateway.OpenAsync(moved).Soon(Patience))
        {
            Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2)));
            Assert.Equal(TokenKeys.At("after").ToString(), gateway.Status.Key.Location);
        }

        string before = lab.Logins;
        lab.WritePin("0000-not-the-pin");
        await using InvoicingGateway refused = await InvoicingGateway.OpenAsync(moved with { SigningKey = TokenKeys.At("before") }).Soon(Patience);
        Assert.IsType<RecordOutcome.NotNow>(await Record(refused, TestShop.Record(3)));
        Assert.Equal(before + "n", lab.Logins); // two names, one try
    }

    private static void Put(TestShop shop, TokenLab lab, ECDsa key, string label)
    {
        string path = Path.Combine(shop.Folder, "put.der");
        File.WriteAllBytes(path, key.ExportPkcs8PrivateKey());
        lab.Tool("--write-object", path, "--type", "privkey", "--label", label, "--id", "05", "--usage-sign");
        File.WriteAllBytes(path, key.ExportSubjectPublicKeyInfo());
        lab.Tool("--write-object", path, "--type", "pubkey", "--label", label, "--id", "05");
    }

    [Fact]
    public async Task Whole_groups_are_signed_at_once_by_each_signature_of_its_own()
    {
        using TokenLab lab = new();
        var keys = new SigningKeys(TokenKeys.Options(lab), TimeProvider.System, NullLogger.Instance);
        using ISigner made = keys.Create(TokenKeys.At());
        using var key = VerifyingKey.Import(made.PublicKey.Span);
        PendingEntry[] entries = [.. Enumerable.Range(0, 256).Select(Pending)];
        using var signing = new GroupSigning(helpers: 3);
        SigningRound round = signing.Start(made, entries);
        await Task.Run(() => Enumerable.Range(0, entries.Length).Select(round.Await).ToArray()).Soon(Patience);

        Assert.All(entries, entry => Assert.True(key.Verify(entry.Unsigned.Hash, entry.Signed!.Signature)));
        Assert.Equal(256, entries.Select(entry => entry.Signed!.Signature).Distinct().Count());
        using ISigner? read = keys.Read(TokenKeys.At());
        Assert.Equal(made.KeyId, read!.KeyId);
        Assert.Null(keys.Read(TokenKeys.At("none")));
    }

    [Fact]
    public void No_secret_stands_among_the_key_hosts_arguments_or_in_its_environment()
    {
        using TokenLab lab = new();
        var keys = new SigningKeys(TokenKeys.Options(lab), TimeProvider.System, NullLogger.Instance);
        using ISigner made = keys.Create(TokenKeys.At());
        List<string> hosts = [];
        foreach (string folder in Directory.GetDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
        {
            try
            {
                string arguments = File.ReadAllText(Path.Combine(folder, "cmdline"));
                string environment = File.ReadAllText(Path.Combine(folder, "environ"));
                if (arguments.Contains("key-host", StringComparison.Ordinal))
                {
                    hosts.Add(arguments);
                    Assert.DoesNotContain(TokenLab.Pin, arguments + environment, StringComparison.Ordinal);
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                continue; // ended meanwhile
            }
        }

        Assert.NotEmpty(hosts);
    }

    [Fact]
    public async Task The_key_host_ends_with_its_program_even_while_the_library_hangs()
    {
        using TokenLab lab = new();
        lab.Tool("--keypairgen", "--key-type", "EC:prime256v1", "--label", "sign", "--id", "01");
        KeyOptions options = TokenKeys.Options(lab);
        var start = new System.Diagnostics.ProcessStartInfo(options.Host!.Program, options.Host.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using System.Diagnostics.Process host = System.Diagnostics.Process.Start(start)!;
        Stream requests = host.StandardInput.BaseStream;
        byte[] pin = TokenFrames.Text(TokenLab.Pin);
        await requests.WriteAsync(TokenFrames.Write(
            TokenFrames.Open, 7, TokenFrames.Text(TokenLab.Module), TokenFrames.Text(TokenKeys.At().ToString()), pin, [], [0]));
        await requests.FlushAsync();
        (byte kind, int number, byte[][] fields) = (await Task.Run(() => TokenFrames.Read(host.StandardOutput.BaseStream)).Soon(Patience))!.Value;
        Assert.Equal((TokenFrames.Done, 7, 3), (kind, number, fields.Length));

        lab.Set("hang", isOn: true);
        await requests.WriteAsync(TokenFrames.Write(TokenFrames.Sign, 8, new byte[32]));
        host.StandardInput.Close();

        await host.WaitForExitAsync().Soon(Patience);
        Assert.Equal(0, host.ExitCode);
    }

    [Fact]
    public void Frames_are_read_as_they_were_written_and_other_bytes_are_refused_before_they_are_held()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            byte[][] fields = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new byte[random.Next(200)])];
            Array.ForEach(fields, random.NextBytes);
            byte[] frame = TokenFrames.Write((byte)random.Next(256), i, fields);
            (byte kind, int number, byte[][] read) = TokenFrames.Read(new MemoryStream(frame))!.Value;
            Assert.Equal((frame[4], i), (kind, number));
            Assert.Equal(fields, read);

            frame[random.Next(frame.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                TokenFrames.Read(new MemoryStream(frame));
            }
            catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
            {
                continue; // as it should be
            }
        }

        Assert.Throws<InvalidDataException>(() => TokenFrames.Read(new MemoryStream([0x7F, 0xFF, 0xFF, 0xFF, 1])));
        Assert.Throws<InvalidDataException>(() => TokenFrames.Read(new MemoryStream([0, 0, 0, 9, 1, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF])));
        Assert.Throws<EndOfStreamException>(() => TokenFrames.Read(new MemoryStream([0, 0])));
        Assert.Null(TokenFrames.Read(new MemoryStream([])));
    }

    [Theory]
    [InlineData("/bin/echo", "said something else than an answer")]
    [InlineData("/bin/true", "its process was ended")]
    [InlineData("/nonexistent/program", "cannot be started")]
    public void A_key_host_that_is_none_is_refused_at_once(string program, string reason)
    {
        using TokenLab lab = new();
        KeyOptions options = TokenKeys.Options(lab) with { Host = new(program, ["far more than four bytes"]) };

        InvoicingException fault = Assert.ThrowsAny<InvoicingException>(
            () => new SigningKeys(options, TimeProvider.System, NullLogger.Instance).Create(TokenKeys.At()));

        Assert.Contains("process", fault.Message, StringComparison.Ordinal);
        Assert.True(
            fault.Message.Contains(reason, StringComparison.Ordinal) || fault.Message.Contains("has ended", StringComparison.Ordinal), fault.Message);
    }

    private static async Task<InvoicingGateway> OpenAsync(TestShop shop, TokenLab lab) => await InvoicingGateway.OpenAsync(
        shop.Options with { Keys = TokenKeys.Options(lab), SigningKey = TokenKeys.At() }).Soon(Patience);

    private static string? Reason(InvoicingGateway gateway, ulong sequence) =>
        (gateway.RecordAsync(TestShop.Record(sequence), default).Soon(Patience).GetAwaiter().GetResult() as RecordOutcome.NotNow)?.Reason;

    private static Task SellAsync(InvoicingGateway gateway, ulong sequence) =>
        Waiting.Until(() => Reason(gateway, sequence) is null, $"sale {sequence} is recorded", Patience);

    private static PendingEntry Pending(int i)
    {
        byte[] body = [(byte)i];
        return new(new UnsignedEntry(i + 1, EntryKind.DeviceEvent, body, SignedEntry.HashOf(body)), []);
    }
}
