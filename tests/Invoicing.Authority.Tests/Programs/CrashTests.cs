using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Audit;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

public sealed class CrashTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public CrashTests()
    {
        Folder = new(_temp.File("authority"));
        CertificateAuthority.Create(Folder, [], TimeProvider.System);
    }

    private AuthorityFolder Folder { get; }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Killed_in_the_middle_of_intake_it_has_what_it_answered_and_takes_up_the_rest()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
#pragma warning disable CA5394 // Moments of a kill, no secret.
        var random = new Random(seed);
        ClientBundle bundle = await AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 3_000);
        long answered = 0;
        for (int kill = 0; kill < 5; kill++)
        {
            using var process = AuthorityProcess.Run(Folder);
            using GrpcChannel channel = BundleChannel.Open(await process.ListeningAsync(), bundle);
            long enough = answered + random.Next(1, 500);
#pragma warning restore CA5394
            (long stored, answered) = await DeliverAsync(channel, chain, bundle, process, answered, enough);
            Assert.True(stored >= 0, $"seed {seed}: {stored}");
            await process.EndedAsync();
            AssertSound(atLeast: answered, seed);
        }

        using (var last = AuthorityProcess.Run(Folder))
        {
            using GrpcChannel channel = BundleChannel.Open(await last.ListeningAsync(), bundle);
            await DeliverAsync(channel, chain, bundle, kill: null, answered, chain.Head.Position);
            using var signal = Process.Start("kill", ["-TERM", last.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await last.EndedAsync();
            Assert.Equal(0, last.ExitCode);
        }

        Assert.Equal(chain.Head.Position, AssertSound(chain.Head.Position, seed).Entries);
        (int code, string output, _) = await AuthorityProcess.CallAsync("verify", "--data", Folder.Path, "--every-signature", "--json");
        Assert.Equal(0, code);
        Assert.Contains($"\"sound\":true,\"entries\":{chain.Head.Position},", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_flush_ends_the_process_without_an_answer_and_a_restart_has_the_entries_once_or_not_at_all()
    {
        ClientBundle bundle = await AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 5);
        using (var process = AuthorityProcess.Run(Folder))
        {
            using GrpcChannel channel = BundleChannel.Open(await process.ListeningAsync(), bundle);
            using var client = new IntakeClient(channel);
            await client.HelloAsync(chain);
            await client.SendAsync(chain.Entries[..3]);
            await client.AnswerForAsync(3, bundle);

            using Process tracer = await FailFlushesAsync(process.Id);
            await client.SendAsync(chain.Entries[3..]);
            List<IntakeResponse> behind = [];
            try
            {
                while (await client.Call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30)))
                {
                    behind.Add(client.Call.ResponseStream.Current);
                }
            }
            catch (RpcException)
            {
                // The connection ends with the process.
            }

            await process.EndedAsync();
            Assert.Empty(behind);
            Assert.Equal(AuthorityExit.Storage, process.ExitCode);
            Assert.Contains("the ledger cannot be written, ending", process.Errors, StringComparison.Ordinal);
        }

        using var again = AuthorityProcess.Run(Folder);
        using GrpcChannel next = BundleChannel.Open(await again.ListeningAsync(), bundle);
        await DeliverAsync(next, chain, bundle, kill: null, 3, 6);
        Assert.Equal(6, AssertSound(6, 0).Entries);
    }

    private static async Task<Process> FailFlushesAsync(int processId)
    {
        var start = new ProcessStartInfo("strace") { UseShellExecute = false, RedirectStandardError = true };
        foreach (string argument in (string[])["-f", "-p", $"{processId}", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO"])
        {
            start.ArgumentList.Add(argument);
        }

        Process tracer = Process.Start(start)!;
        string? line;
        do
        {
            line = await tracer.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).Soon();
            Assert.True(line is not null, "strace ended before it had attached: is it installed and allowed to trace?");
        }
        while (!line.Contains("attached", StringComparison.Ordinal));
        _ = tracer.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return tracer;
    }

    /// <summary>Delivers from where the authority stands until enough is answered; then kills, in the middle of what it goes on sending.</summary>
    private static async Task<(long Stored, long Answered)> DeliverAsync(
        GrpcChannel channel, SampleChain chain, ClientBundle bundle, AuthorityProcess? kill, long known, long enough)
    {
        using var client = new IntakeClient(channel);
        Welcome welcome = await client.HelloAsync(chain);
        long stored = welcome.Watermark is null ? 0 : IntakeClient.Verified(welcome.Watermark, bundle).Position;
        Assert.True(stored >= known, $"expected what was answered ({known}) to be stored, found {stored}");
        long answered = Math.Max(stored, known);
        Task sending = SendAllAsync(client, chain, stored);
        try
        {
            while (answered < chain.Head.Position)
            {
                (Answer answer, List<Protos.V1.SignedVerdict> verdicts) = await client.AnswerForAsync(answered + 1, bundle);
                Assert.Empty(verdicts);
                answered = IntakeClient.Verified(answer.Watermark, bundle).Position;
                if (answered >= enough)
                {
                    kill?.Kill();
                }
            }

        }
        catch (RpcException) when (kill is not null)
        {
            // The connection ends with the process.
        }

        try
        {
            await sending;
        }
        catch (RpcException) when (kill is not null)
        {
            // What was still to be sent goes out after the restart.
        }

        kill?.Kill();
        return (stored, answered);
    }

    private static async Task SendAllAsync(IntakeClient client, SampleChain chain, long after)
    {
        foreach (SignedEntry[] part in chain.Entries.Skip((int)after).Chunk(20))
        {
            await client.SendAsync(part);
        }
    }

    private AuditReport AssertSound(long atLeast, int seed)
    {
        using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(Folder);
        using var anchor = VerifyingKey.Import(signer.PublicKey.Span);
        using var reader = SqliteAuditReader.Open(Folder.Ledger);
        AuditReport report = LedgerAudit.Run(reader, [anchor], SignatureDepth.LastOfRun, TestContext.Current.CancellationToken);
        Assert.True(report.Faults.Count == 0, $"seed {seed}: {string.Join("; ", report.Faults)}");
        Assert.True(report.Entries >= atLeast, $"seed {seed}: expected at least {atLeast} entries, found {report.Entries}");
        return report;
    }

    private Task<ClientBundle> AddDeviceAsync() => new ClientEnroller(Folder, TimeProvider.System).AddDeviceAsync(
        new()
        {
            Name = "shop-1",
            Seller = new(TaxCode.Parse("0107001729"), "Một Ly", "Hà Nội"),
            Block = "A1B2C",
            Series = InvoiceSeries.Parse("C26MAA"),
        },
        TestContext.Current.CancellationToken);
}
