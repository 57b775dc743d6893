using Invoicing.Chain;

namespace Invoicing.Authority.Tests.Hosting;

/// <summary>Tests of an authority with one enrolled device, whose call has been welcomed and has sent nothing yet.</summary>
/// <param name="invoices">Sold by the device beforehand, after its opening.</param>
public abstract class GreetedDeviceTests(int invoices) : IAsyncLifetime
{
    private protected AuthorityHost Host { get; private set; } = null!;

    private protected ClientBundle Bundle { get; private set; } = null!;

    /// <summary>The device's chain.</summary>
    private protected SampleChain Sample { get; private set; } = null!;

    private protected IntakeClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await AuthorityHost.StartAsync();
        Bundle = await Host.AddDeviceAsync();
        Sample = new SampleChain(EnrolmentGrant.Read(Bundle.Enrolment)).With(invoices);
        Client = new(Host.Connect(Bundle));
        await Client.HelloAsync(Sample);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        Sample.Dispose();
        await Host.DisposeAsync();
    }
}
