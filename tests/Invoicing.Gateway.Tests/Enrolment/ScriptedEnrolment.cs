using Grpc.Core;
using Invoicing.Gateway.Tests.Uplink;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>The enrolment service of a <see cref="ScriptedAuthority"/>: it does what the script says.</summary>
internal sealed class ScriptedEnrolment(ScriptedAuthority authority) : Wire.EnrolmentService.EnrolmentServiceBase
{
    private EnrolmentScript Script => authority.Enrolment ?? throw new InvalidOperationException("expected a script, found none");

    /// <summary>TLS as the authority's: the issuing certificate is sent along, clients may show a certificate or none.</summary>
    public static void Configure(HttpsConnectionAdapterOptions https, EnrolmentScript script)
    {
        https.ServerCertificateChain = [script.Certificates.Issuing];
        https.ServerCertificate = script.Server;
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = (_, _, _) => true; // also one that has ended: it opens the renewal
    }

    public override Task<Wire.GetRootResponse> GetRoot(Wire.GetRootRequest request, ServerCallContext context) => Task.FromResult(Script.Root());

    public override Task<Wire.EnrolResponse> Enrol(Wire.EnrolRequest request, ServerCallContext context) => Task.FromResult(Script.Enrol(request));

    public override Task<Wire.RenewResponse> Renew(Wire.RenewRequest request, ServerCallContext context) =>
        Task.FromResult(Script.Renew(request, context.GetHttpContext().Connection.ClientCertificate));
}
