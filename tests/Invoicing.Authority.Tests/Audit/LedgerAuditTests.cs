using Invoicing.Amounts;
using Invoicing.Authority.Audit;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Tests.Audit;

/// <summary>Whatever is changed in the file by somebody who goes round the schema, verify names it.</summary>
public sealed class LedgerAuditTests
{
    [Theory]
    [InlineData("UPDATE entry_000001 SET body = cast(substr(body, 1, length(body) - 1) || x'07' AS BLOB) WHERE idx = 4", "index 4", "body")]
    [InlineData("UPDATE entry_000001 SET hash = randomblob(32) WHERE idx = 3", "index 3", "expected hash")]
    [InlineData("UPDATE entry_000001 SET signature = zeroblob(64) WHERE idx = 2", "index 2", "every")]
    [InlineData("UPDATE entry_000001 SET kind = 20 WHERE idx = 3", "index 3", "kind")]
    [InlineData("UPDATE entry_000001 SET time = time + 1 WHERE idx = 3", "index 3", "time")]
    [InlineData("UPDATE entry_000001 SET position = 9 WHERE idx = 3", "index 3", "position")]
    [InlineData("DELETE FROM entry_000001 WHERE idx = 3", "index 3", "expected this index")]
    [InlineData("UPDATE entry_000001 SET code_value = code_value + 1 WHERE idx = 3", "claim", "claimed")]
    [InlineData("UPDATE entry_000001 SET record_line = NULL, record_value = NULL WHERE idx = 3", "index 3", "claim")]
    [InlineData("UPDATE line_head SET next = next + 1", "line", "expected next value")]
    [InlineData("INSERT INTO gap VALUES (1, 1, 1)", "line 1", "gaps")]
    [InlineData("UPDATE chain_head SET position = 4", "chain", "expected its head")]
    [InlineData("UPDATE chain_state SET public_key = zeroblob(91)", "chain", "key in force")]
    [InlineData("UPDATE chain SET seller = '0200000012'", "chain", "expected seller")]
    [InlineData("DELETE FROM verdict", "position 5", "refused with a verdict")]
    [InlineData("UPDATE verdict SET signature = zeroblob(64)", "verdict 1", "signature")]
    [InlineData("UPDATE verdict SET position = 4", "verdict 1", "on this entry")]
    [InlineData("UPDATE commit_root SET signature = zeroblob(64)", "commit", "signature")]
    [InlineData("UPDATE commit_root SET leaves = cast(substr(leaves, 1, 40) || x'00' || substr(leaves, 42) AS BLOB)", "commit", "expected leaf")]
    [InlineData("UPDATE commit_root SET ledger_time = ledger_time + 5", "index", "time")]
    public async Task Whatever_was_changed_is_named(string sql, string where, string what)
    {
        await using AuthorityHost host = await LedgerAsync();
        Assert.Empty(Audit(host, SignatureDepth.Every).Faults);

        using (var file = SqliteFile.OpenWriter(host.Folder.Ledger))
        {
            // Somebody with the disk in his hands is not held up by triggers.
            foreach (string trigger in (string[])["entry_000001_fixed", "entry_000001_kept", "line_head_rises", "chain_head_rises", "chain_fixed",
                "verdict_kept", "verdict_fixed", "commit_root_fixed"])
            {
                file.Execute($"DROP TRIGGER {trigger}");
            }

            file.Execute(sql);
        }

        IReadOnlyList<string> faults = Audit(host, SignatureDepth.Every).Faults;
        Assert.NotEmpty(faults);
        if (what is not ("body" or "every"))
        {
            Assert.Contains(faults, f => f.Contains(where, StringComparison.Ordinal) && f.Contains(what, StringComparison.Ordinal));
        }
        else
        {
            Assert.Contains(faults, f => f.Contains(where, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Another_key_than_the_authoritys_verifies_no_commit()
    {
        await using AuthorityHost host = await LedgerAsync();
        using var other = SoftwareSigner.Create();
        using var anchor = VerifyingKey.Import(other.PublicKey.Span);
        using var reader = SqliteAuditReader.Open(host.Folder.Ledger);

        Assert.Contains(
            LedgerAudit.Run(reader, [anchor], SignatureDepth.LastOfRun, TestContext.Current.CancellationToken).Faults,
            f => f.Contains("expected a watermark signed by a key of the enrolment", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, 1_125_000, true)]
    [InlineData(2, 1_125_000, false)]
    [InlineData(3, 1_125_001, false)]
    public async Task A_day_close_has_to_say_what_the_ledger_holds_of_the_day(long count, long total, bool isSound)
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 3);
        var record = new RegisterRecordKey(new(chain.Register, chain.Epoch, chain.NextSequence++), Sha256Hash.Of([1]), IsRecovered: false);
        DayTotals totals = new(new([new(TaxRate.Eight, new(total), Money.Zero)]), [], [new(DayPart.Invoice, count, new(total))]);
        chain.Add(DayCloseContents.From(new(new(2026, 7, 1), 1, 3, totals, Stated: null), record, []));
        using var client = new IntakeClient(host.Connect(bundle));
        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(5, bundle);
        await host.StopServerAsync();

        IReadOnlyList<string> faults = Audit(host, SignatureDepth.Every).Faults;

        Assert.Equal(isSound, faults.Count == 0);
        Assert.All(faults, fault => Assert.Contains("expected the day of 2026-07-01 to close with 3 of Invoice over 1125000", fault, StringComparison.Ordinal));
    }

    private static AuditReport Audit(AuthorityHost host, SignatureDepth depth)
    {
        using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(host.Folder);
        using var anchor = VerifyingKey.Import(signer.PublicKey.Span);
        using var reader = SqliteAuditReader.Open(host.Folder.Ledger);
        return LedgerAudit.Run(reader, [anchor], depth, TestContext.Current.CancellationToken);
    }

    /// <summary>A stopped ledger of one chain: opening, three invoices, one that was rejected.</summary>
    private static async Task<AuthorityHost> LedgerAsync()
    {
        AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 3);
        chain.Sell(i => i with { Number = 1 });
        using var client = new IntakeClient(host.Connect(bundle));
        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(5, bundle);
        await host.StopServerAsync();
        return host;
    }
}
