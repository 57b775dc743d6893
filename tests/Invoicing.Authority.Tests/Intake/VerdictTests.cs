using System.Text;
using Google.Protobuf;
using Invoicing.Amounts;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Intake;

public sealed class VerdictTests() : GreetedDeviceTests(invoices: 2)
{
    public static TheoryData<string, Func<Invoice, Invoice>> Faults => new()
    {
        { "AUTH-SELLER", i => i with { SellerTaxCode = TaxCode.Parse("0200000012") } },
        { "AUTH-KIND", i => i with { Kind = InvoiceKind.Sales } },
        { "AUTH-YEAR", i => i with { IssuedOn = new(2027, 1, 1) } },
        { "AUTH-TOTAL", i => i with { Sale = i.Sale with { Total = i.Sale.Total + new Money(1) } } },
        { "AUTH-CODE-RANGE", i => i with { Code = new(i.Code.Kind, i.Code.Year, "ZZZZZ", i.Code.Digits) } },
        { "AUTH-CODE-RANGE", i => i with { Code = new(i.Code.Kind, i.Code.Year, i.Code.Block, 99_999_999) } },
        { "AUTH-NUMBER-RANGE", i => i with { Number = 99_999_999 } },
        { "AUTH-CODE-USED", i => i with { Code = new(i.Code.Kind, i.Code.Year, i.Code.Block, 0) } },
        { "AUTH-NUMBER-USED", i => i with { Number = 1 } },
        { "AUTH-RECORD-USED", i => i with { Sale = i.Sale with { Key = i.Sale.Key with { Sequence = 1 } } } },
        { "AUTH-SEQUENCE", i => i with { Sale = i.Sale with { Key = i.Sale.Key with { Sequence = (1UL << 62) + 1 } } } },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_invoice_that_breaks_a_rule_is_stored_rejected_and_does_not_hold_up_the_next(string rule, Func<Invoice, Invoice> change)
    {
        SignedEntry faulty = Sample.Sell(change);
        Sample.Sell();
        await Client.SendAsync(Sample.Entries);
        (Answer answer, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(5, Bundle);

        Assert.Equal(5u, answer.JudgedPosition);
        Verdict verdict = Verified(Assert.Single(verdicts));
        Assert.Equal((1L, 4L, faulty.Hash, VerdictOutcomeKind.Rejected), (verdict.Number, verdict.Position, verdict.EntryHash, verdict.Outcome));
        Assert.Equal(rule, verdict.Rule);
        Assert.Contains("expected", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leased_codes_may_come_late_and_in_any_order_but_once_and_a_lease_hands_out_only_what_was_granted()
    {
        CodeRange codes = Sample.Grant.Codes[0];
        NumberRange numbers = Sample.Grant.Numbers[0];
        RegisterLease Lease(long from, string block) => new(
            7, Sample.Register, Sample.Epoch, new(block, codes.First + from, codes.First + from + 9),
            new(numbers.Series, numbers.First + (int)from, numbers.First + (int)from + 9), DateTimeOffset.UnixEpoch.AddYears(57));
        Invoice Leased(Invoice i, long place) => i with
        {
            Code = new(i.Code.Kind, i.Code.Year, i.Code.Block, codes.First + place),
            Number = numbers.First + (int)place,
            Lease = 7,
        };
        Sample.Add(LeaseContents.From(Lease(10, codes.Block), isBurned: false));
        Sample.Sell();
        Sample.Sell(i => Leased(i, 12));
        Sample.Sell(i => Leased(i, 10));
        Sample.Add(LeaseContents.From(Lease(10, codes.Block).Part(3, 7), isBurned: true));
        SignedEntry twice = Sample.Sell(i => Leased(i, 12));
        SignedEntry foreign = Sample.Add(LeaseContents.From(Lease(10, "ZZZZZ"), isBurned: false));
        await Client.SendAsync(Sample.Entries);

        (_, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(Sample.Entries.Count, Bundle);

        Assert.Equal(
            [(twice.Position, "AUTH-CODE-USED"), (foreign.Position, "AUTH-LEASE")],
            verdicts.Select(Verified).Select(verdict => (verdict.Position, verdict.Rule)));
    }

    [Fact]
    public async Task Verdicts_come_again_from_the_cursor_of_the_hello()
    {
        for (int i = 0; i < 300; i++)
        {
            Sample.Sell(invoice => invoice with { Number = 99_999_999 });
        }

        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(303, Bundle);
        using var again = new IntakeClient(Host.Connect(Bundle));
        Welcome welcome = await again.HelloAsync(Sample, cursor: 10);
        Assert.Equal(300u, welcome.VerdictNumber);
        var numbers = new List<long>();
        while (numbers.Count < 290)
        {
            IntakeResponse page = await again.NextAsync();
            Assert.InRange(page.Verdicts.Verdicts_.Count, 1, 256);
            numbers.AddRange(page.Verdicts.Verdicts_.Select(v => Verified(v).Number));
        }

        Assert.Equal(Enumerable.Range(11, 290).Select(n => (long)n), numbers);
    }

    [Fact]
    public async Task A_recovered_invoice_may_bear_code_and_number_of_a_lost_device_of_the_seller_and_no_other()
    {
        ClientBundle lost = await Host.AddDeviceAsync("shop-2");
        ClientBundle stranger = await Host.AddDeviceAsync("shop-9", taxCode: "0200000012", block: "ZZZZ9");
        var grant = EnrolmentGrant.Read(lost.Enrolment);
        var other = EnrolmentGrant.Read(stranger.Enrolment);
        Sample.Sell(i => i with
        {
            IsRecovered = true,
            Code = new(InvoiceKind.Vat, 26, grant.Codes[0].Block, grant.Codes[0].First + 17),
            Number = grant.Numbers[0].First + 17,
        });
        Sample.Sell(i => i with { IsRecovered = true, Code = new(InvoiceKind.Vat, 26, other.Codes[0].Block, other.Codes[0].First) });
        Sample.Sell(i => i with { Code = new(InvoiceKind.Vat, 26, grant.Codes[0].Block, grant.Codes[0].First + 18) });
        await Client.SendAsync(Sample.Entries);
        (_, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(6, Bundle);

        Assert.Equal([(5L, "AUTH-CODE-RANGE"), (6L, "AUTH-CODE-RANGE")], verdicts.Select(Verified).Select(v => (v.Position, v.Rule)));
    }

    [Fact]
    public async Task Holes_events_and_seals_are_accepted()
    {
        Sample.Add(EntryContents.Hole(new(new(Sample.Register, Sample.Epoch, 3), default, IsRecovered: false), "VN-1", "text", null, []));
        Sample.Add(EntryContents.LineEvent(Sample.Register, Sample.Epoch, RegisterEventType.Gap, 4, 9, "gap"));
        Sample.Add(EntryContents.DeviceEvent(DeviceEventType.ClockStep, "stepped", 1, 2));
        Sample.Add(EntryContents.Conflict(new(new(Sample.Register, Sample.Epoch, 3), Sha256Hash.Of([1]), IsRecovered: false), default, 4, []));
        Sample.Add(EntryContents.Seal(SealType.Shutdown, "over night"));
        await Client.SendAsync(Sample.Entries);
        (Answer answer, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(8, Bundle);

        Assert.Equal(8u, answer.JudgedPosition);
        Assert.Empty(verdicts);
    }

    [Fact]
    public async Task An_attachment_is_kept_if_it_is_what_the_entry_commits_to_and_told_of_if_it_is_not()
    {
        byte[] record = Encoding.UTF8.GetBytes("as the register wrote it");
        var reference = AttachmentReference.Create(AttachmentContentKind.Record, record, out byte[] salt);
        Sample.Sell(attachments: [reference]);
        Sample.Sell(attachments: [reference]);
        var batch = new Batch();
        batch.Entries.AddRange(Sample.Entries.Select(IntakeClient.ToMessage));
        batch.Entries[3].Attachments.Add(new Attachment { Salt = ByteString.CopyFrom(salt), Content = ByteString.CopyFrom(record) });
        batch.Entries[4].Attachments.Add(new Attachment { Salt = ByteString.CopyFrom(salt), Content = ByteString.CopyFromUtf8("something else") });
        await Client.Call.RequestStream.WriteAsync(new() { Batch = batch }, TestContext.Current.CancellationToken).Soon();
        (_, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(5, Bundle);

        Assert.Equal((5L, "AUTH-ATTACHMENT"), verdicts.Select(Verified).Select(v => (v.Position, v.Rule)).Single());
        using var file = Invoicing.Sqlite.SqliteFile.OpenReader(Host.Folder.Ledger);
        Assert.Equal(1, file.Scalar($"SELECT count(*) FROM attachment WHERE idx = 4 AND slot = 0 AND content = x'{Convert.ToHexString(record)}'"));
        Assert.Equal(1, file.Scalar("SELECT count(*) FROM attachment"));
    }

    [Fact]
    public async Task The_history_of_a_register_is_told_to_devices_of_its_seller()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(3, Bundle);
        var request = new RegisterHistoryRequest { Register = Sample.Register.Value, Epoch = Sample.Epoch };
        RegisterHistoryResponse own = await new IntakeService.IntakeServiceClient(Host.Connect(await Host.AddDeviceAsync("shop-2")))
            .GetRegisterHistoryAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon();
        RegisterHistoryResponse foreign = await new IntakeService.IntakeServiceClient(Host.Connect(await Host.AddDeviceAsync("x", "0200000012", block: "ZZZZ9")))
            .GetRegisterHistoryAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon();

        Assert.Equal((true, true, 2UL), (own.Known, own.EpochKnown, own.LastSequence));
        Assert.Equal(Sha256Hash.Of(BitConverter.GetBytes(2UL)), new Sha256Hash(own.LastRecordHash.Span));
        Assert.Equal((false, false, 0UL), (foreign.Known, foreign.EpochKnown, foreign.LastSequence));
    }

    private Verdict Verified(Protos.V1.SignedVerdict message)
    {
        var anchors = EnrolmentGrant.Read(Bundle.Enrolment).Anchors.Select(a => VerifyingKey.Import(a.Span)).ToDictionary(k => k.KeyId);
        Assert.Null(Verdict.Verify(new(message.Body.Memory, new(message.Signature.Span)), anchors, out Verdict? verdict));
        return verdict!;
    }
}
