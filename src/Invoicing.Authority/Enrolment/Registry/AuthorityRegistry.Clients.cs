using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Clients: how they come in, where they stand, how they go.</summary>
internal sealed partial class AuthorityRegistry
{
    private const int MaxReason = 200;
    private const int MaxScope = 1_024;

    /// <summary>Enrols a device whose bundle is handed over by hand.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="terms">What it is granted.</param>
    /// <param name="request">Its transport key.</param>
    /// <exception cref="InvoicingException">A value is outside its limits, the name is taken, or a range is used up.</exception>
    public IssuedClient AddDevice(string actor, DeviceTerms terms, KeyRequest request)
    {
        DeviceTerms.CheckName(terms.Name);
        terms.Check();
        return Write(actor, change =>
        {
            RequireFree(ClientRole.Device, terms.Name, except: null);
            return AddDevice(change, terms, terms.Name, request, signingKey: default, predecessor: null);
        });
    }

    /// <summary>Lets a follower or an operator in.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="role">Follower or operator.</param>
    /// <param name="name">Its name.</param>
    /// <param name="scope"><c>all</c>, or tax codes with commas; of an operator one tax code.</param>
    /// <param name="request">Its transport key.</param>
    /// <exception cref="InvoicingException">A value is outside its limits, or the name is taken.</exception>
    public IssuedClient AddClient(string actor, ClientRole role, string name, string scope, KeyRequest request)
    {
        DeviceTerms.CheckName(name);
        CheckScope(role, scope);
        return Write(actor, change =>
        {
            RequireFree(role, name, except: null);
            long client = AddRow(change, role, name, scope, DeviceRequest.MaxCertificateDays);
            byte[] certificate = Issue(change, client, name, DeviceRequest.MaxCertificateDays, request);
            change.Add(new(
                role == ClientRole.Follower ? ActKind.FollowerAdded : ActKind.OperatorAdded, name, ("scope", scope),
                ("certificate", Sha256Hash.Of(certificate).ToString())));
            return Issued(client, certificate);
        });
    }

    /// <summary>Changes where a device stands.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="name">Name of the device, or the hexadecimal digits of its enrolment.</param>
    /// <param name="to">Where it shall stand.</param>
    /// <param name="reason">Why, 1 to 200 characters: the device is told.</param>
    /// <exception cref="InvoicingException">No such device, or it stands where that cannot be done.</exception>
    public RegisteredClient SetStanding(string actor, string name, ClientStanding to, string reason)
    {
        CheckReason(reason);
        return Write(actor, change =>
        {
            RegisteredClient device = RequireDevice(name);
            bool isAllowed = to switch
            {
                ClientStanding.Active => device.Standing == ClientStanding.Suspended,
                ClientStanding.Suspended => device.Standing == ClientStanding.Active,
                _ => device.Standing is ClientStanding.Active or ClientStanding.Suspended,
            };
            if (!isAllowed)
            {
                string expected = to == ClientStanding.Active ? "suspended" : to == ClientStanding.Suspended ? "active" : "active or suspended";
                throw new InvoicingException($"device '{device.Name}': expected one that is {expected}, found one that is {Word(device.Standing)}");
            }

            SetRow(change, device, to, reason);
            ActKind kind = to switch
            {
                ClientStanding.Active => ActKind.Resumed,
                ClientStanding.Suspended => ActKind.Suspended,
                ClientStanding.Revoked => ActKind.Revoked,
                _ => ActKind.Retired,
            };
            change.Add(new(kind, device.Name, ("enrolment", device.Grant!.Id.ToString()), ("reason", reason)));
            return _queries.Client(device.Id);
        });
    }

    /// <summary>Puts a follower or an operator out.</summary>
    /// <exception cref="InvoicingException">None of that name is let in.</exception>
    public RegisteredClient RemoveClient(string actor, ClientRole role, string name, string reason)
    {
        CheckReason(reason);
        return Write(actor, change =>
        {
            RegisteredClient client = RequireClient(role, name);
            SetRow(change, client, ClientStanding.Revoked, reason);
            change.Add(new(ActKind.ClientRemoved, name, ("role", WordOf(role)), ("reason", reason)));
            return _queries.Client(client.Id);
        });
    }

    /// <summary>Changes what a follower may see; its streams end, and it follows again.</summary>
    /// <exception cref="InvoicingException">None of that name is let in, or not a scope.</exception>
    public RegisteredClient SetScope(string actor, string name, string scope)
    {
        CheckScope(ClientRole.Follower, scope);
        return Write(actor, change =>
        {
            RegisteredClient client = RequireClient(ClientRole.Follower, name);
            _queries.Prepared("UPDATE client SET scope = ? WHERE id = ?").Bind(0, scope).Bind(1, client.Id).Run();
            change.Add(new(ActKind.ScopeChanged, name, ("from", client.ScopeText), ("to", scope)));
            change.End(new(client.Id, Enrolment: null, new(StatusCode.Aborted, $"the scope of follower '{name}' was changed: follow again")));
            return _queries.Client(client.Id);
        });
    }

    /// <summary>Why a client is kept out; <see langword="null"/> if it is let in.</summary>
    public static string? WhyOut(RegisteredClient client)
    {
        string what = $"{WordOf(client.Role)} '{client.Name}'";
        string since = string.Create(CultureInfo.InvariantCulture, $"{client.Since:u}");
        return client.Standing switch
        {
            ClientStanding.Suspended => $"{what} is suspended since {since}: {client.Reason}; ask the authority to resume it",
            ClientStanding.Revoked => $"{what} was {(client.Role == ClientRole.Device ? "revoked" : "removed")} at {since}: {client.Reason}; it does not come back, {(client.Role == ClientRole.Device ? "enrol another" : "ask the authority for another bundle")}",
            ClientStanding.Retired => $"{what} was retired at {since}: {client.Reason}; it does not come back, enrol another",
            _ => null,
        };
    }

    /// <summary>A role in a word.</summary>
    public static string WordOf(ClientRole role) => role switch
    {
        ClientRole.Device => "device",
        ClientRole.Follower => "follower",
        _ => "operator",
    };

    /// <summary>A standing in a word.</summary>
    public static string Word(ClientStanding standing) => standing switch
    {
        ClientStanding.Active => "active",
        ClientStanding.Suspended => "suspended",
        ClientStanding.Revoked => "revoked",
        _ => "retired",
    };

    private static void CheckReason(string reason)
    {
        if (reason.Length is 0 or > MaxReason || reason.Any(char.IsControl))
        {
            throw new InvoicingException($"reason: expected 1 to {MaxReason} characters and no control characters, found {reason.Length}");
        }
    }

    private static void CheckScope(ClientRole role, string scope)
    {
        string[] codes = scope.Split(',');
        bool isScope = (role == ClientRole.Follower && scope == "all")
            || (codes.Length <= (role == ClientRole.Operator ? 1 : MaxScope) && codes.All(c => TaxCode.TryParse(c, out _)));
        if (!isScope)
        {
            throw new InvoicingException(role == ClientRole.Operator
                ? $"seller: expected one tax code, found '{scope}'"
                : $"scope: expected 'all' or at most {MaxScope} tax codes with commas and without blanks, found '{scope}'");
        }
    }

    private IssuedClient AddDevice(
        RegistryChange change, DeviceTerms terms, string name, KeyRequest request, ReadOnlyMemory<byte> signingKey, ChainLink? predecessor)
    {
        Seller seller = terms.Seller;
        string taxCode = seller.TaxCode.ToString();
        long client = AddRow(change, ClientRole.Device, name, taxCode, terms.CertificateDays);
        CodeRange codes = GrantCodes(change, client, terms.Block, terms.Codes);
        NumberRange numbers = GrantNumbers(change, client, terms.SeriesAt(change.At), terms.Numbers, taxCode);
        byte[] certificate = Issue(change, client, name, terms.CertificateDays, request);
        var hash = Sha256Hash.Of(certificate);
        var grant = EnrolmentGrant.Create(
            name, seller, (InvoiceKind)terms.Kind, hash, [codes], [numbers], [_signer.PublicKey], change.Milliseconds, signingKey, predecessor);
        _queries.Prepared("INSERT INTO device(client, enrolment, seller, record, codes, numbers) VALUES(?, ?, ?, ?, ?, ?)")
            .Bind(0, client).Bind(1, grant.Id.ToArray()).Bind(2, taxCode).Bind(3, grant.Bytes.Span).Bind(4, terms.Codes).Bind(5, terms.Numbers).Run();
        change.Add(new(
            ActKind.Enrolled, name, ("enrolment", grant.Id.ToString()), ("seller", taxCode), ("codes", codes.ToString()),
            ("numbers", numbers.ToString()), ("certificate", hash.ToString()),
            ("predecessor", predecessor is null ? "none" : $"{predecessor.Chain} {predecessor.Position} {predecessor.Hash}")));
        return Issued(client, certificate);
    }

    private long AddRow(RegistryChange change, ClientRole role, string name, string scope, int days)
    {
        _queries.Prepared(
                "INSERT INTO client(role, name, standing, reason, since, scope, certificate_days, added_at) VALUES(?, ?, 1, '', ?, ?, ?, ?)")
            .Bind(0, (long)role).Bind(1, name).Bind(2, change.Milliseconds).Bind(3, scope).Bind(4, days).Bind(5, change.Milliseconds).Run();
        return _file.LastRowId;
    }

    private void SetRow(RegistryChange change, RegisteredClient client, ClientStanding to, string reason)
    {
        _queries.Prepared("UPDATE client SET standing = ?, reason = ?, since = ? WHERE id = ?")
            .Bind(0, (long)to).Bind(1, reason).Bind(2, change.Milliseconds).Bind(3, client.Id).Run();
        if (WhyOut(client with { Standing = to, Reason = reason, Since = change.At }) is { } why)
        {
            change.End(new(client.Id, client.Grant?.Id, new(StatusCode.PermissionDenied, why)));
        }
    }

    /// <summary>Issues a certificate and notes it; of its client's certificates the two newest are let in, so that a lost answer locks nobody out.</summary>
    private byte[] Issue(RegistryChange change, long client, string name, int days, KeyRequest request)
    {
        using X509Certificate2 certificate = Certify(name, days, request);
        byte[] bytes = certificate.RawData;
        _queries.Prepared("""
            INSERT INTO certificate(hash, client, certificate, not_before, not_after, request, issued_at, is_current) VALUES(?, ?, ?, ?, ?, ?, ?, 1)
            """)
            .Bind(0, Sha256Hash.Of(bytes).ToArray()).Bind(1, client).Bind(2, bytes)
            .Bind(3, new DateTimeOffset(certificate.NotBefore).ToUnixTimeMilliseconds())
            .Bind(4, new DateTimeOffset(certificate.NotAfter).ToUnixTimeMilliseconds())
            .Bind(5, request.Hash.ToArray()).Bind(6, change.Milliseconds).Run();
        _queries.Prepared("""
            UPDATE certificate SET is_current = 0
            WHERE client = ?1 AND is_current = 1 AND id NOT IN (SELECT id FROM certificate WHERE client = ?1 ORDER BY id DESC LIMIT 2)
            """).Bind(0, client).Run();
        return bytes;
    }

    /// <summary>Certifies a key. A token may have been pulled out and put in again since the last time: then its key is opened anew.</summary>
    /// <exception cref="InvoicingException">The issuing key cannot be used now.</exception>
    private X509Certificate2 Certify(string name, int days, KeyRequest request)
    {
        bool isFresh = _authority is null;
        _authority ??= CertificateAuthority.Load(_folder, _time);
        try
        {
            return _authority.IssueClient(name, request.Key, TimeSpan.FromDays(days));
        }
        catch (CryptographicException fault)
        {
            _authority.Dispose();
            _authority = null;
            return isFresh
                ? throw new InvoicingException($"the issuing key cannot be used now, try again later: {fault.Message}", isTransient: true, fault)
                : Certify(name, days, request);
        }
    }

    private IssuedClient Issued(long client, byte[] certificate) => new(_queries.Client(client), certificate, _issuers.Of(certificate));

    private void RequireFree(ClientRole role, string name, long? except)
    {
        if (_queries.Named(role, name).FirstOrDefault(c => c.Standing is ClientStanding.Active or ClientStanding.Suspended && c.Id != except) is { } taken)
        {
            throw new InvoicingException(
                $"name: expected one that no {WordOf(role)} bears, found '{name}', which {WordOf(role)} of {taken.AddedAt:u} bears: choose another, or put that one out first");
        }
    }

    private RegisteredClient RequireClient(ClientRole role, string name) =>
        _queries.Named(role, name).FirstOrDefault(c => c.Standing is ClientStanding.Active or ClientStanding.Suspended)
            ?? throw new InvoicingException($"expected a {WordOf(role)} that is let in, found none named '{name}': see 'authority {WordOf(role)}s list'");

    private RegisteredClient RequireDevice(string name) =>
        _queries.Named(ClientRole.Device, name) is [RegisteredClient found, ..] ? found
            : name.Length == 2 * ChainId.Length && name.All(char.IsAsciiHexDigit) && _queries.Device(ChainId.Parse(name)) is { } named ? named
            : throw new InvoicingException($"expected a device, found none named '{name}': see 'authority devices list'");
}
