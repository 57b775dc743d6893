using System.Globalization;
using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Hashing;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Invitations: an activation code is made, used once, or withdrawn.</summary>
internal sealed partial class AuthorityRegistry
{
    /// <summary>Longest that an invitation may stay open.</summary>
    public static readonly TimeSpan MaxValidity = TimeSpan.FromDays(90);

    /// <summary>Makes an activation code. It is told once, here: only a hash of its secret is kept.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="terms">What it grants; an empty name lets the authority choose one.</param>
    /// <param name="validity">How long it may be used, a minute to 90 days.</param>
    /// <param name="succeeds">Name of the device that the new one replaces, which is retired as the code is used; <see langword="null"/>: none.</param>
    /// <exception cref="InvoicingException">A value is outside its limits, the name is taken, or there is no device to succeed.</exception>
    public (ActivationCode Code, Invitation Invitation) Invite(string actor, DeviceTerms terms, TimeSpan validity, string? succeeds)
    {
        if (terms.Name.Length > 0)
        {
            DeviceTerms.CheckName(terms.Name);
        }

        terms.Check();
        if (validity < TimeSpan.FromMinutes(1) || validity > MaxValidity)
        {
            throw new InvoicingException($"valid: expected a minute to {MaxValidity.TotalDays} days, found {validity}");
        }

        return Write(actor, change =>
        {
            RegisteredClient? before = succeeds is null ? null : RequireSuccession(terms, succeeds);
            string name = terms.Name.Length > 0 ? terms.Name : FreeName(terms.TaxCode);
            RequireFree(ClientRole.Device, name, before?.Id);
            if (_queries.Invitations().FirstOrDefault(i => i.Name == name && i.StateAt(change.At) == "open") is { } open)
            {
                throw new InvoicingException(
                    $"name: expected one without an open invitation, found '{name}', invited at {open.MadeAt:u}: withdraw that one, or choose another name");
            }

            var code = ActivationCode.Create(_issuers.Root);
            DateTimeOffset expires = change.At + validity;
            _queries.Prepared("INSERT INTO invitation(secret, name, terms, succeeds, made_at, expires_at) VALUES(?, ?, ?, ?, ?, ?)")
                .Bind(0, ActivationCode.HashOf(code.Secret).ToArray()).Bind(1, name).Bind(2, (terms with { Name = name }).ToJson())
                .Bind(3, before?.Id.ToString(CultureInfo.InvariantCulture)).Bind(4, change.Milliseconds).Bind(5, expires.ToUnixTimeMilliseconds()).Run();
            long id = _file.LastRowId;
            change.Add(new(
                ActKind.Invited, name, ("invitation", Text(id)), ("seller", terms.TaxCode), ("block", terms.Block),
                ("codes", Text(terms.Codes)), ("numbers", Text(terms.Numbers)), ("certificate_days", Text(terms.CertificateDays)),
                ("expires_at", string.Create(CultureInfo.InvariantCulture, $"{expires:u}")), ("succeeds", before?.Grant!.Id.ToString() ?? "none")));
            return (code, _queries.InvitationOf(ActivationCode.HashOf(code.Secret))!);
        });
    }

    /// <summary>Withdraws the open invitation of a name.</summary>
    /// <exception cref="InvoicingException">None is open.</exception>
    public Invitation Withdraw(string actor, string name) => Write(actor, change =>
    {
        Invitation invitation = _queries.Invitations().FirstOrDefault(i => i.Name == name && i.StateAt(change.At) == "open")
            ?? throw new InvoicingException($"expected an open invitation of '{name}', found none: see 'authority invitations list'");
        _queries.Prepared("UPDATE invitation SET withdrawn_at = ? WHERE id = ?").Bind(0, change.Milliseconds).Bind(1, invitation.Id).Run();
        change.Add(new(ActKind.InvitationWithdrawn, name, ("invitation", Text(invitation.Id))));
        return invitation;
    });

    /// <summary>The device whose chain an invitation's device will succeed; <see langword="null"/> if none, or the code is not known.</summary>
    public RegisteredClient? PredecessorOf(ReadOnlySpan<byte> secret)
    {
        Sha256Hash hash = ActivationCode.HashOf(secret);
        return Query(q => q.InvitationOf(hash) is { Succeeds: { } before } ? q.Client(before) : null);
    }

    /// <summary>Enrols a device by its activation code. The same request again gives the same answer again.</summary>
    /// <param name="secret">The code's secret.</param>
    /// <param name="request">The transport key, checked.</param>
    /// <param name="signingKey">The chain's first key (SubjectPublicKeyInfo), whose possession was proven.</param>
    /// <param name="predecessor">Where the chain ended that the new one succeeds, as far as the ledger knows.</param>
    /// <param name="software">Name and version of the caller's program.</param>
    /// <exception cref="RpcException">The code does not let this request in; says why.</exception>
    /// <exception cref="InvoicingException">A range is used up, or the name was taken meanwhile.</exception>
    public IssuedClient Enrol(
        ReadOnlySpan<byte> secret, KeyRequest request, ReadOnlyMemory<byte> signingKey, ChainLink? predecessor, string software)
    {
        Sha256Hash hash = ActivationCode.HashOf(secret);
        IssuedClient made;
        RegistryChange change;
        lock (_gate)
        {
            Invitation invitation = _queries.InvitationOf(hash) ?? throw Denied(
                "expected an activation code of this authority, found one that it never made: compare it letter by letter, or ask for another");
            if (invitation.Client is { } client)
            {
                return Again(_queries.Client(client), invitation, request, signingKey);
            }

            DateTimeOffset now = _time.GetUtcNow();
            string? fault = invitation.WithdrawnAt is { } at ? $"this activation code was withdrawn at {at:u}: ask the authority for another"
                : now >= invitation.ExpiresAt ? $"expected an activation code to be used before {invitation.ExpiresAt:u}, found the time {now:u}: ask the authority for another"
                : _queries.CertificateFor(request.Hash) is not null ? "expected a request on a new key, found one that was certified before: make another key"
                : null;
            if (fault is not null)
            {
                throw Denied(fault);
            }

            made = Commit($"device:{invitation.Name}", own => Enrol(own, invitation, request, signingKey, predecessor, software), out change);
        }

        Tell(change);
        return made;
    }

    /// <summary>Issues another certificate to a device, of whom it is known that it is the one. The same request again gives the same certificate again.</summary>
    /// <param name="device">Row of the device.</param>
    /// <param name="request">The new transport key, checked.</param>
    /// <param name="software">Name and version of the caller's program.</param>
    /// <exception cref="RpcException">The device is out, or the request was used for something else; says why.</exception>
    public IssuedClient Renew(long device, KeyRequest request, string software)
    {
        lock (_gate)
        {
            RegisteredClient client = _queries.Client(device);
            if (client.Standing is not (ClientStanding.Active or ClientStanding.Suspended))
            {
                throw Denied(WhyOut(client)!);
            }

            if (_queries.CertificateFor(request.Hash) is { } made)
            {
                return made.Client == device && made.IsCurrent
                    ? Issued(device, made.Bytes)
                    : throw Denied("expected a request on a new key, found one that was certified before: make another key");
            }

            return Write($"device:{client.Name}", change =>
            {
                byte[] certificate = Issue(change, device, client.Name, client.CertificateDays, request);
                change.Add(new(
                    ActKind.Renewed, client.Name, ("enrolment", client.Grant!.Id.ToString()), ("certificate", Sha256Hash.Of(certificate).ToString()),
                    ("software", software)));
                return Issued(device, certificate);
            });
        }
    }

    private static RpcException Denied(string why) => new(new Status(StatusCode.PermissionDenied, why));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private IssuedClient Again(RegisteredClient client, Invitation invitation, KeyRequest request, ReadOnlyMemory<byte> signingKey)
    {
        if (invitation.Request != request.Hash || !client.Grant!.SigningKey.Span.SequenceEqual(signingKey.Span))
        {
            throw Denied($"this activation code was used at {invitation.UsedAt:u} by another request, for device '{client.Name}': ask the authority for another, and to revoke that device if it is not yours");
        }

        return client.Standing is ClientStanding.Revoked or ClientStanding.Retired ? throw Denied(WhyOut(client)!)
            : Issued(client.Id, _queries.CertificateFor(request.Hash)!.Bytes);
    }

    private IssuedClient Enrol(
        RegistryChange change, Invitation invitation, KeyRequest request, ReadOnlyMemory<byte> signingKey, ChainLink? predecessor, string software)
    {
        RequireFree(ClientRole.Device, invitation.Name, invitation.Succeeds);
        if (invitation.Succeeds is { } before && _queries.Client(before) is { Standing: ClientStanding.Active or ClientStanding.Suspended } old)
        {
            string reason = $"succeeded by device '{invitation.Name}'";
            SetRow(change, old, ClientStanding.Retired, reason);
            change.Add(new(ActKind.Retired, old.Name, ("enrolment", old.Grant!.Id.ToString()), ("reason", reason)));
        }

        IssuedClient made = AddDevice(change, invitation.Terms, invitation.Name, request, signingKey, predecessor);
        _queries.Prepared("UPDATE invitation SET used_at = ?, request = ?, client = ? WHERE id = ?")
            .Bind(0, change.Milliseconds).Bind(1, request.Hash.ToArray()).Bind(2, made.Client.Id).Bind(3, invitation.Id).Run();
        change.Acts[^1].Note("invitation", Text(invitation.Id)).Note("software", software);
        return made;
    }

    private RegisteredClient RequireSuccession(DeviceTerms terms, string name)
    {
        RegisteredClient before = RequireDevice(name);
        string seller = before.Grant!.Seller.TaxCode.ToString();
        return seller == terms.TaxCode ? before : throw new InvoicingException(
            $"succeeds: expected a device of seller {terms.TaxCode}, found '{name}' of seller {seller}");
    }

    private string FreeName(string taxCode)
    {
        IReadOnlyList<RegisteredClient> devices = _queries.Devices(taxCode);
        HashSet<string> taken = [.. devices.Select(d => d.Name), .. _queries.Invitations().Select(i => i.Name)];
        for (int number = 1; ; number++)
        {
            string name = $"{taxCode}.{Text(number)}";
            if (!taken.Contains(name))
            {
                return name;
            }
        }
    }
}
