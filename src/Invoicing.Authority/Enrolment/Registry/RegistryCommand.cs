using System.Text.Json.Serialization;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>What an operator of the authority may ask of the registry. A closed family; travels as JSON to a server that runs.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(AddDevice), "add_device")]
[JsonDerivedType(typeof(AddClient), "add_client")]
[JsonDerivedType(typeof(Invite), "invite")]
[JsonDerivedType(typeof(Withdraw), "withdraw")]
[JsonDerivedType(typeof(SetStanding), "set_standing")]
[JsonDerivedType(typeof(RemoveClient), "remove_client")]
[JsonDerivedType(typeof(SetScope), "set_scope")]
internal abstract record RegistryCommand
{
    /// <summary>Enrols a device whose bundle is handed over by hand.</summary>
    /// <param name="Terms">What it is granted.</param>
    /// <param name="Request">Request (DER) on its transport key, which the caller made and keeps.</param>
    public sealed record AddDevice(DeviceTerms Terms, byte[] Request) : RegistryCommand;

    /// <summary>Lets a follower or an operator in.</summary>
    /// <param name="Role">Follower or operator.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Scope"><c>all</c>, or tax codes with commas.</param>
    /// <param name="Request">Request (DER) on its transport key.</param>
    public sealed record AddClient(ClientRole Role, string Name, string Scope, byte[] Request) : RegistryCommand;

    /// <summary>Makes an activation code.</summary>
    /// <param name="Terms">What it grants.</param>
    /// <param name="ValidSeconds">How long it may be used.</param>
    /// <param name="Succeeds">Name of the device that the new one replaces; <see langword="null"/>: none.</param>
    public sealed record Invite(DeviceTerms Terms, long ValidSeconds, string? Succeeds) : RegistryCommand;

    /// <summary>Withdraws the open invitation of a name.</summary>
    /// <param name="Name">The name.</param>
    public sealed record Withdraw(string Name) : RegistryCommand;

    /// <summary>Changes where a device stands.</summary>
    /// <param name="Name">Name of the device, or its enrolment.</param>
    /// <param name="To">Where it shall stand.</param>
    /// <param name="Reason">Why.</param>
    public sealed record SetStanding(string Name, ClientStanding To, string Reason) : RegistryCommand;

    /// <summary>Puts a follower or an operator out.</summary>
    /// <param name="Role">Follower or operator.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Reason">Why.</param>
    public sealed record RemoveClient(ClientRole Role, string Name, string Reason) : RegistryCommand;

    /// <summary>Changes what a follower may see.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Scope"><c>all</c>, or tax codes with commas.</param>
    public sealed record SetScope(string Name, string Scope) : RegistryCommand;
}
