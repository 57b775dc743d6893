using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;

namespace Invoicing.Authority.Enrolment;

/// <summary>Lets clients in by a bundle that is handed over by hand. May run beside a server on the same folder.</summary>
/// <remarks>The key is made here and goes nowhere but into the bundle: the registry, and a server that holds it, see a request only.</remarks>
internal sealed class ClientEnroller(AuthorityFolder folder, TimeProvider time)
{
    private readonly RegistryDoor _door = new(folder, time);

    /// <summary>Enrols a device. When it returns, the server knows the device; the bundle is the only copy of its key.</summary>
    /// <exception cref="InvoicingException">A value is outside its limits, the name is taken, or a range is used up.</exception>
    public Task<ClientBundle> AddDeviceAsync(DeviceRequest request, CancellationToken cancellationToken) =>
        AddAsync(DeviceTerms.Of(request), cancellationToken);

    /// <summary>Enrols a device. When it returns, the server knows the device; the bundle is the only copy of its key.</summary>
    /// <exception cref="InvoicingException">A value is outside its limits, the name is taken, or a range is used up.</exception>
    public Task<ClientBundle> AddAsync(DeviceTerms terms, CancellationToken cancellationToken) => AddAsync(
        terms.Name, key => new RegistryCommand.AddDevice(terms, key), cancellationToken);

    /// <summary>Lets a follower or an operator in.</summary>
    /// <param name="role">Follower or operator.</param>
    /// <param name="name">Its name.</param>
    /// <param name="scope"><c>all</c>, or tax codes with commas; of an operator one tax code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvoicingException">A value is outside its limits, or the name is taken.</exception>
    public Task<ClientBundle> AddClientAsync(ClientRole role, string name, string scope, CancellationToken cancellationToken) => AddAsync(
        name, key => new RegistryCommand.AddClient(role, name, scope, key), cancellationToken);

    /// <summary>Lets an official in who may see everything.</summary>
    /// <exception cref="InvoicingException">The name is taken or none.</exception>
    public Task<ClientBundle> AddFollowerAsync(string name, CancellationToken cancellationToken) =>
        AddClientAsync(ClientRole.Follower, name, "all", cancellationToken);

    private async Task<ClientBundle> AddAsync(string name, Func<byte[], RegistryCommand> command, CancellationToken cancellationToken)
    {
        DeviceTerms.CheckName(name);
        (ECDsa key, byte[] request) = KeyRequest.Make(name);
        using (key)
        {
            JsonObject answer = await _door.SendAsync(command(request), cancellationToken);
            List<string> issuers = [.. answer["issuers_der"]!.AsArray().Select(i => Pem(i!.GetValue<string>()))];

            // The peer needs what lies between its root and the certificate, so that goes along; the root it has.
            string certificate = string.Concat([Pem(answer["certificate_der"]!.GetValue<string>()), .. issuers[..^1]]);
            return new(
                name, certificate, key.ExportPkcs8PrivateKeyPem() + "\n", issuers[^1],
                Convert.FromBase64String(answer["enrolment_record"]!.GetValue<string>()));
        }
    }

    private static string Pem(string base64)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
        return certificate.ExportCertificatePem() + "\n";
    }
}
