using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;
using Invoicing.Vietnam;

namespace Invoicing.Authority.Tests.Intake;

/// <summary>Corrections and closed holes at the authority: what is right is accepted, and each thing is put right once.</summary>
public sealed class CorrectionVerdictTests() : GreetedDeviceTests(invoices: 2)
{
    private Invoice First => Sample.Entries[1] is { Kind: EntryKind.Invoice } entry ? Read(entry) : throw new InvalidOperationException();

    [Fact]
    public async Task A_replacement_and_a_return_are_accepted()
    {
        Correct(CorrectionType.Replacement, First, Sample.NextInvoice());
        Invoice second = Read(Sample.Entries[2]);
        Correct(CorrectionType.Adjustment, second, Back(second, Sample.NextInvoice()));

        Assert.Empty(await VerdictsAsync());
    }

    [Fact]
    public async Task A_second_replacement_is_stored_and_rejected()
    {
        Correct(CorrectionType.Replacement, First, Sample.NextInvoice());
        Correct(CorrectionType.Replacement, First, Sample.NextInvoice());

        Verdict verdict = Assert.Single(await VerdictsAsync());
        Assert.Equal((5L, "AUTH-CORRECTED-BEFORE"), (verdict.Position, verdict.Rule));
    }

    [Fact]
    public async Task An_adjustment_that_charges_more_is_rejected()
    {
        Correct(CorrectionType.Adjustment, First, Sample.NextInvoice());

        Assert.Equal("AUTH-ADJUSTMENT", Assert.Single(await VerdictsAsync()).Rule);
    }

    [Fact]
    public async Task A_correction_of_a_code_that_this_seller_was_never_granted_is_rejected()
    {
        Invoice strange = First with { Code = new(First.Kind, First.Code.Year, "ZZZZZ", 1) };
        Correct(CorrectionType.Replacement, strange, Sample.NextInvoice());

        Assert.Equal("AUTH-CORRECTED-RANGE", Assert.Single(await VerdictsAsync()).Rule);
    }

    [Fact]
    public async Task An_invoice_may_close_a_hole_under_the_holes_record_and_only_once()
    {
        Invoice first = Sample.NextInvoice();
        var record = new RegisterRecordKey(first.Sale.Key, Sha256Hash.Of([1]), IsRecovered: false);
        SignedEntry hole = Sample.Add(EntryContents.Hole(record, "VN-RATE-3", "no rate", first.Total, []));
        Sample.Add(InvoiceContents.From(first with { Resolves = hole.Hash }, record.Hash, []));
        Invoice again = Sample.NextInvoice();
        Sample.Add(InvoiceContents.From(again with { Resolves = hole.Hash, Sale = again.Sale with { Key = first.Sale.Key } }, record.Hash, []));

        Verdict verdict = Assert.Single(await VerdictsAsync());
        Assert.Equal((6L, "AUTH-HOLE-CLOSED"), (verdict.Position, verdict.Rule));
    }

    private static Invoice Read(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        return InvoiceContents.Read(fields.Content(entry.Body.Span));
    }

    /// <summary>What takes an invoice's goods back, under the identity of another.</summary>
    private static Invoice Back(Invoice sold, Invoice identity) => identity with
    {
        Sale = SaleReversal.Of(sold.Sale, identity.Sale.Key),
        Taxes = new(sold.Taxes.Sums.Select(sum => new Invoices.RateSum(sum.Rate, -sum.Net, -sum.Tax))),
    };

    private void Correct(CorrectionType type, Invoice corrected, Invoice invoice)
    {
        var correction = new Correction { Type = type, Corrected = CorrectedInvoice.Of(corrected, null), Reason = "sai", Invoice = invoice };
        Sample.Add(CorrectionContents.From(correction, new(invoice.Sale.Key, Sha256Hash.Of([2]), IsRecovered: false), []));
    }

    private async Task<List<Verdict>> VerdictsAsync()
    {
        await Client.SendAsync(Sample.Entries);
        (_, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(Sample.Entries.Count, Bundle);
        var anchors = EnrolmentGrant.Read(Bundle.Enrolment).Anchors.Select(a => VerifyingKey.Import(a.Span)).ToDictionary(k => k.KeyId);
        return
        [
            .. verdicts.Select(message =>
            {
                Assert.Null(Verdict.Verify(new(message.Body.Memory, new(message.Signature.Span)), anchors, out Verdict? verdict));
                return verdict!;
            }),
        ];
    }
}
