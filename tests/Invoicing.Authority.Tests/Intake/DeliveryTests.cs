using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Tests.Intake;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_new_chain_is_stored_and_answered_with_a_watermark_that_verifies()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 20);
        using var client = new IntakeClient(host.Connect(bundle));

        Welcome welcome = await client.HelloAsync(chain);
        Assert.Null(welcome.Watermark);
        Assert.Equal(0u, welcome.VerdictNumber);
        await client.SendAsync(chain.Entries);
        (Answer answer, List<Protos.V1.SignedVerdict> verdicts) = await client.AnswerForAsync(21, bundle);

        Chain.Watermark watermark = IntakeClient.Verified(answer.Watermark, bundle);
        Assert.Equal(chain.Id, watermark.Chain);
        Assert.Equal(21, watermark.Position);
        Assert.Equal(chain.Head.Hash, watermark.Hash);
        Assert.Equal(21u, answer.JudgedPosition);
        Assert.Empty(verdicts);
    }
}
