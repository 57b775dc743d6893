using System.Text.Json.Nodes;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>A command and who gives it.</summary>
/// <param name="Actor">Who: <c>os:</c> and a user's name.</param>
/// <param name="Command">What.</param>
internal sealed record RegistryCall(string Actor, RegistryCommand Command)
{
    /// <summary>Does it.</summary>
    /// <returns>What the command's caller is told.</returns>
    /// <exception cref="InvoicingException">It cannot be done; says why.</exception>
    public JsonObject RunOn(AuthorityRegistry registry)
    {
        if (!Actor.StartsWith("os:", StringComparison.Ordinal) || Actor.Length > Acts.ActChain.MaxActor)
        {
            throw new InvoicingException($"actor: expected 'os:' and a user's name, together at most {Acts.ActChain.MaxActor} characters, found '{Actor}'");
        }

        switch (Command)
        {
            case RegistryCommand.AddDevice add:
                return Describe(registry.AddDevice(Actor, add.Terms, ReadRequest(add.Request)));
            case RegistryCommand.AddClient add when add.Role is ClientRole.Follower or ClientRole.Operator:
                return Describe(registry.AddClient(Actor, add.Role, add.Name, add.Scope, ReadRequest(add.Request)));
            case RegistryCommand.Invite invite:
                (Invoicing.Enrolment.ActivationCode code, Invitation made) =
                    registry.Invite(Actor, invite.Terms, TimeSpan.FromSeconds(invite.ValidSeconds), invite.Succeeds);
                return new() { ["code"] = code.Reveal(), ["name"] = made.Name, ["expires_at"] = made.ExpiresAt };
            case RegistryCommand.Withdraw withdraw:
                return new() { ["name"] = registry.Withdraw(Actor, withdraw.Name).Name };
            case RegistryCommand.SetStanding set:
                return Describe(registry.SetStanding(Actor, set.Name, set.To, set.Reason));
            case RegistryCommand.RemoveClient remove when remove.Role is ClientRole.Follower or ClientRole.Operator:
                return Describe(registry.RemoveClient(Actor, remove.Role, remove.Name, remove.Reason));
            case RegistryCommand.SetScope scope:
                return Describe(registry.SetScope(Actor, scope.Name, scope.Scope));
            default:
                throw new InvoicingException($"expected a command on the registry, found {Command.GetType().Name} that does not fit its role");
        }
    }

    private static KeyRequest ReadRequest(byte[] bytes) =>
        KeyRequest.Read(bytes, out KeyRequest? request) is { } fault ? throw new InvoicingException(fault) : request!;

    private static JsonObject Describe(IssuedClient issued)
    {
        JsonObject json = Describe(issued.Client);
        json["certificate_der"] = Convert.ToBase64String(issued.Certificate);
        json["issuers_der"] = new JsonArray([.. issued.Issuers.Select(i => (JsonNode)Convert.ToBase64String(i))]);
        json["enrolment_record"] = Convert.ToBase64String(issued.Client.Grant is { } grant ? grant.Bytes.Span : []);
        return json;
    }

    private static JsonObject Describe(RegisteredClient client) => new()
    {
        ["name"] = client.Name,
        ["standing"] = AuthorityRegistry.Word(client.Standing),
        ["scope"] = client.ScopeText,
    };
}
