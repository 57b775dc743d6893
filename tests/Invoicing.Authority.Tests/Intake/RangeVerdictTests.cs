using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;
using RangeGrant = Invoicing.Chain.RangeGrant;
using Verdict = Invoicing.Chain.Verdict;

namespace Invoicing.Authority.Tests.Intake;

/// <summary>What the authority says of grants that a chain takes note of, and of codes taken from them.</summary>
public sealed class RangeVerdictTests() : GreetedDeviceTests(invoices: 2)
{
    [Fact]
    public async Task Codes_of_a_further_grant_are_accepted_and_those_of_no_grant_are_not()
    {
        (SignedRangeGrant statement, RangeGrant grant) = Further(Bundle);
        Sample.Add(grant.ToContent(statement));
        Sample.NextDigits = grant.Codes!.First;
        Sample.Sell();
        Sample.NextDigits = grant.Codes.Last + 1;
        Sample.Sell();
        await Client.SendAsync(Sample.Entries);

        (_, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(6, Bundle);
        Assert.Equal([(6, "AUTH-CODE-RANGE")], verdicts.Select(Read));
    }

    [Fact]
    public async Task A_grant_to_another_device_or_by_another_key_is_stored_and_rejected()
    {
        ClientBundle other = await Host.AddDeviceAsync("shop-2");
        (SignedRangeGrant statement, RangeGrant grant) = Further(other);
        Sample.Add(grant.ToContent(statement));
        RangeGrant own = grant with { Enrolment = Sample.Grant.Id };
        Sample.Add(own.ToContent(own.Sign(Sample.Signer)));
        await Client.SendAsync(Sample.Entries);

        (_, List<Protos.V1.SignedVerdict> verdicts) = await Client.AnswerForAsync(5, Bundle);
        Assert.Equal([(4, "AUTH-RANGE"), (5, "AUTH-RANGE")], verdicts.Select(Read));
    }

    private (SignedRangeGrant Statement, RangeGrant Grant) Further(ClientBundle bundle)
    {
        var enrolment = EnrolmentGrant.Read(bundle.Enrolment);
        SignedRangeGrant statement = Host.Server.Registry.GrantRanges(enrolment.Id, granted: 0, codes: true, numbers: false, year: 26).Grant!;
        using var key = VerifyingKey.Import(enrolment.Anchors[0].Span);
        Assert.Null(RangeGrant.Verify(statement, new Dictionary<Sha256Hash, VerifyingKey> { [key.KeyId] = key }, out RangeGrant? grant));
        return (statement, grant!);
    }

    private (int Position, string Rule) Read(Protos.V1.SignedVerdict message)
    {
        using var key = VerifyingKey.Import(Sample.Grant.Anchors[0].Span);
        Assert.Null(Verdict.Verify(
            new(message.Body.Memory, new(message.Signature.Span)), new Dictionary<Sha256Hash, VerifyingKey> { [key.KeyId] = key }, out Verdict? verdict));
        return ((int)verdict!.Position, verdict.Rule);
    }
}
