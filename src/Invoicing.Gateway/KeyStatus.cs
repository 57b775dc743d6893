using Invoicing.Hashing;

namespace Invoicing.Gateway;

/// <summary>The chain's signing key in force and where it lies. Immutable.</summary>
/// <param name="Id">SHA-256 of its public key, as entries name it.</param>
/// <param name="Kind">What kind of place it lies in, for people; <c>caller's</c> where the embedding program handed it in.</param>
/// <param name="Location">Where it lies; <see langword="null"/> where only the embedding program knows. Never holds a secret.</param>
/// <param name="Warning">What a person should know of how it is kept, such as that it is not sealed; else <see langword="null"/>.</param>
/// <param name="Retired">Keys that are not in force any more and stay until the authority has what they signed.</param>
public sealed record KeyStatus(Sha256Hash Id, string Kind, string? Location, string? Warning, int Retired);
