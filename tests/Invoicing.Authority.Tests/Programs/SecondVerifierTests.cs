using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Invoicing.Authority.Audit;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

/// <summary>The verifier in Python under tests/peers/verifier, with a gRPC stack and a cryptography that are not ours.</summary>
public sealed class SecondVerifierTests
{
    private static readonly string Script = Path.Combine(
        typeof(SecondVerifierTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "tests", "peers", "verifier", "verifier.py");

    [Fact]
    public async Task It_delivers_a_chain_of_its_own_and_both_agree_on_every_byte()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        using var temp = new TempFolder();
        string device = await WriteAsync(temp, "device.json", await host.AddDeviceAsync());
        string follower = await WriteAsync(temp, "follower.json", host.AddFollower());
        string address = host.Server.Address.ToString().TrimEnd('/');

        (int code, string output, string errors) = await PythonAsync("submit", address, device, "120");
        Assert.True(code == 0, errors);
        JsonElement delivered = JsonDocument.Parse(output).RootElement;
        Assert.Equal(122, delivered.GetProperty("entries").GetInt32()); // opening, 120 sales, a key change
        Assert.Equal(122, delivered.GetProperty("position").GetInt32());
        Assert.InRange(delivered.GetProperty("watermarks").GetInt32(), 3, 122);
        JsonElement verdict = Assert.Single(delivered.GetProperty("verdicts").EnumerateArray());
        Assert.Equal(("AUTH-TOTAL", 122), (verdict.GetProperty("rule").GetString(), verdict.GetProperty("position").GetInt32()));

        (code, output, errors) = await PythonAsync("feed", address, follower, "122");
        Assert.True(code == 0, errors);
        List<JsonElement> seen = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        string[] hashes = [.. delivered.GetProperty("hashes").EnumerateArray().Select(h => h.GetString()!)];
        Assert.Equal(hashes, seen.Select(s => s.GetProperty("hash").GetString()));
        Assert.Equal(
            delivered.GetProperty("signatures").EnumerateArray().Select(h => h.GetString()), seen.Select(s => s.GetProperty("signature").GetString()));

        await host.StopServerAsync();
        using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(host.Folder);
        using var anchor = VerifyingKey.Import(signer.PublicKey.Span);
        using var reader = SqliteAuditReader.Open(host.Folder.Ledger);
        AuditReport report = LedgerAudit.Run(reader, [anchor], SignatureDepth.Every, TestContext.Current.CancellationToken);
        Assert.Empty(report.Faults);
        Assert.Equal(hashes, reader.ReadEntries(1, 200, int.MaxValue).Select(e => e.Hash.ToString()));
    }

    [Fact]
    public async Task It_reads_an_export_and_names_what_was_changed_in_it()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        using var temp = new TempFolder();
        ClientBundle bundle = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 5);
        chain.ChangeKey();
        chain.Sell();
        using var client = new IntakeClient(host.Connect(bundle));
        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        (Protos.V1.Answer answer, _) = await client.AnswerForAsync(8, bundle);
        string[] lines = [Header(chain, answer.Watermark), .. chain.Entries.Select(Line)];

        (int code, string output, string errors) = await ExportAsync(temp, lines);
        Assert.True(code == 0, errors);
        Assert.Equal(
            chain.Entries.Select(e => $"{e.Hash} {e.Signature}"),
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)
                .Select(e => $"{e.GetProperty("hash").GetString()} {e.GetProperty("signature").GetString()}"));

        byte[] body = chain.Entries[3].Body.ToArray();
        body[^1] ^= 1;
        string[] changed = [.. lines];
        changed[4] = Line(chain.Entries[3] with { Body = body });
        (code, _, errors) = await ExportAsync(temp, changed);
        Assert.Equal(1, code);
        Assert.Contains("position 4: expected a signature", errors, StringComparison.Ordinal);

        answer.Watermark.Leaf = Google.Protobuf.ByteString.CopyFrom([.. answer.Watermark.Leaf.Span[..^1], 1]);
        changed = [Header(chain, answer.Watermark), .. lines[1..]];
        (code, _, errors) = await ExportAsync(temp, changed);
        Assert.Equal(1, code);
        Assert.Contains("watermark: expected a path", errors, StringComparison.Ordinal);
    }

    private static string Header(SampleChain chain, Protos.V1.Watermark watermark) => JsonSerializer.Serialize(new
    {
        format = "invoicing/journal-export/1",
        chain = chain.Id.ToString(),
        enrolment = Convert.ToHexStringLower(chain.Grant.Bytes.Span),
        watermark = new
        {
            position = chain.Head.Position,
            root = Convert.ToHexStringLower(watermark.Root.Span),
            signature = Convert.ToHexStringLower(watermark.Signature.Span),
            leaf = Convert.ToHexStringLower(watermark.Leaf.Span),
            leaf_number = watermark.LeafNumber,
            path = Convert.ToHexStringLower(watermark.Path.Span),
        },
    });

    private static string Line(SignedEntry entry) => JsonSerializer.Serialize(new
    {
        position = entry.Position,
        hash = entry.Hash.ToString(),
        signature = entry.Signature.ToString(),
        body = Convert.ToHexStringLower(entry.Body.Span),
    });

    private static async Task<(int Code, string Output, string Errors)> ExportAsync(TempFolder temp, string[] lines)
    {
        await File.WriteAllLinesAsync(temp.File("export.jsonl"), lines, TestContext.Current.CancellationToken);
        return await PythonAsync("export", temp.File("export.jsonl"));
    }

    private static async Task<string> WriteAsync(TempFolder temp, string name, ClientBundle bundle)
    {
        await File.WriteAllTextAsync(temp.File(name), bundle.ToJson(), TestContext.Current.CancellationToken);
        return temp.File(name);
    }

    private static async Task<(int Code, string Output, string Errors)> PythonAsync(params string[] arguments)
    {
        // Debian's: its packages are visible to no other python.
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.ArgumentList.Add(Script);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(90));
        return (process.ExitCode, await output.Soon(), await errors.Soon());
    }
}
