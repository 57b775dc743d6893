using System.Diagnostics;
using System.Text.Json;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Keys;

/// <summary>The verifier in Python under tests/peers/verifier, on chains whose key was changed.</summary>
public sealed class SecondCheckerTests
{
    [Fact]
    public async Task It_verifies_every_entry_of_a_journal_whose_key_was_changed_three_times()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            for (ulong sequence = 1; sequence <= 12; sequence++)
            {
                await gateway.IssueAsync(TestShop.Sale(sequence)).Soon();
                if (sequence % 4 == 0)
                {
                    await gateway.RotateKeyAsync().Soon();
                }
            }
        }

        string export = Path.Combine(shop.Folder, "export.jsonl");
        await using (FileStream stream = File.Create(export))
        {
            await JournalExport.WriteAsync(shop.JournalPath, stream, 1, TestContext.Current.CancellationToken);
        }

        (int code, string output, string errors) = Python(export);
        Assert.True(code == 0, errors);
        Assert.Equal(
            JournalExport.Read(shop.JournalPath).Select(entry => entry.Signature.ToString()),
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("signature").GetString()));
    }

    [Fact]
    public void A_key_change_whose_proof_is_another_keys_is_named_by_both_checkers()
    {
        using TestShop shop = new();
        using var first = SoftwareSigner.Create();
        using var next = SoftwareSigner.Create();
        using var thief = SoftwareSigner.Create();
        using var claiming = new Claiming(next, thief);
        ChainHead head = ChainAppend.Start(ChainId.Create(), shop.Enrolment.Hash);
        ChainHead start = head;
        SignedEntry[] entries =
        [
            ChainAppend.NextSigned(ref head, EntryContents.Opening(first, "test"), 1, first, anchor: null),
            ChainAppend.NextSigned(ref head, EntryContents.KeyChange(claiming, head), 2, first, anchor: null),
        ];
        VerifiedRun run = new ChainVerifier(new KeyRing(capacity: 8)).Verify(
            ChainState.Start(start.Chain, shop.Enrolment.Hash), [.. entries.Select(entry => new ReceivedEntry(entry.Body, entry.Signature))], SignatureDepth.Every);
        Assert.Equal((2L, ChainFaultReason.Key), (run.Fault!.Position, run.Fault.Reason));

        string export = Path.Combine(shop.Folder, "export.jsonl");
        File.WriteAllLines(
            export,
            [
                JsonSerializer.Serialize(new { chain = head.Chain.ToString(), enrolment = Convert.ToHexStringLower(shop.Enrolment.Bytes.Span) }),
                .. entries.Select(entry => JsonSerializer.Serialize(new
                {
                    position = entry.Position,
                    hash = entry.Hash.ToString(),
                    signature = entry.Signature.ToString(),
                    body = Convert.ToHexStringLower(entry.Body.Span),
                })),
            ]);
        (int code, _, string errors) = Python(export);
        Assert.Equal(1, code);
        Assert.Contains("position 2: proof of the new key: expected a signature of key", errors, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Python(string export)
    {
        string script = RepositoryFolder.File("tests", "peers", "verifier", "verifier.py");
        var start = new ProcessStartInfo("/usr/bin/python3", ["-B", script, "export", export])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Names one key and signs with another.</summary>
    private sealed class Claiming(ISigner named, ISigner used) : ISigner
    {
        public Sha256Hash KeyId => named.KeyId;

        public ReadOnlyMemory<byte> PublicKey => named.PublicKey;

        public EcdsaSignature Sign(in Sha256Hash hash) => used.Sign(hash);

        public void Dispose()
        {
            // Both are the test's.
        }
    }
}
