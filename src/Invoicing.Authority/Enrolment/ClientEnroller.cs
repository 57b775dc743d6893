using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment;

/// <summary>Lets clients in: certificate, ranges, enrolment, registry. May run beside a server on the same folder.</summary>
internal sealed class ClientEnroller(AuthorityFolder folder, TimeProvider time)
{
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    /// <summary>Enrols a device. When it returns, the server knows the device; the bundle is the only copy of its key.</summary>
    /// <exception cref="InvoicingException">A value is outside its limits, or a range is used up.</exception>
    public async Task<ClientBundle> AddDeviceAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        CheckName(request.Name);
        if (!AuthorityCode.IsBlock(request.Block))
        {
            throw new InvoicingException($"block: expected {AuthorityCode.BlockLength} characters A-Z or 0-9, found '{request.Block}'");
        }

        if (request.Codes < 1 || request.Numbers < 1)
        {
            throw new InvoicingException($"codes and numbers: expected at least 1 each, found {request.Codes} and {request.Numbers}");
        }

        using var authority = CertificateAuthority.Load(folder, time);
        using SoftwareSigner watermarkKey = CertificateAuthority.LoadWatermarkKey(folder);
        (string certificate, string key) = authority.IssueClient(request.Name);
        Sha256Hash hash = HashOf(certificate);
        DateTimeOffset now = time.GetUtcNow();
        InvoiceSeries series = request.Series
            ?? InvoiceSeries.Parse(string.Create(CultureInfo.InvariantCulture, $"C{now.ToOffset(Vietnam).Year % 100:00}MAA"));
        string seller = request.Seller.TaxCode.ToString();
        CodeRange codes;
        NumberRange numbers;
        using (RangeGrants grants = await RangeGrants.OpenAsync(folder, time, cancellationToken))
        {
            codes = grants.GrantCodes(request.Block, request.Codes, seller, request.Name);
            numbers = grants.GrantNumbers(series, request.Numbers, seller, request.Name);
        }

        var enrolment = EnrolmentGrant.Create(
            request.Name, request.Seller, request.Kind, hash, [codes], [numbers], [watermarkKey.PublicKey], now.ToUnixTimeMilliseconds());
        Register(request.Name, ClientRole.Device, certificate, hash, enrolment.Bytes.ToArray(), now);
        return new(request.Name, certificate, key, authority.RootPem, enrolment.Bytes);
    }

    /// <summary>Lets a follower in.</summary>
    public ClientBundle AddFollower(string name)
    {
        CheckName(name);
        using var authority = CertificateAuthority.Load(folder, time);
        (string certificate, string key) = authority.IssueClient(name);
        Register(name, ClientRole.Follower, certificate, HashOf(certificate), [], time.GetUtcNow());
        return new(name, certificate, key, authority.RootPem, ReadOnlyMemory<byte>.Empty);
    }

    private static void CheckName(string name)
    {
        // Stands in a certificate's name and in a line of the grants: no blank, no comma, no quote.
        if (name.Length is 0 or > 64 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new InvoicingException($"name: expected 1 to 64 characters A-Z, a-z, 0-9, '.', '_' or '-', found '{name}'");
        }
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static Sha256Hash HashOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return ClientRecord.HashOf(certificate);
    }

    private void Register(string name, ClientRole role, string certificate, Sha256Hash hash, byte[] enrolment, DateTimeOffset now) =>
        new ClientRegistry(folder).Add(
            hash, new() { Name = name, Role = role, Certificate = certificate, AddedAt = now, Enrolment = enrolment });
}
