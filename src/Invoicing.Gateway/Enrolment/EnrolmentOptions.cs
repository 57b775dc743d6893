using Invoicing.Enrolment;
using Invoicing.Gateway.Keys;
using Invoicing.Signing;

namespace Invoicing.Gateway.Enrolment;

/// <summary>What a device is enrolled with. All is checked once, when it is used.</summary>
public sealed record EnrolmentOptions
{
    /// <summary>Where the authority's intake listens, <c>https://host:port</c>.</summary>
    public required Uri Authority { get; init; }

    /// <summary>The activation code that the authority gave to the seller's operator.</summary>
    public required ActivationCode Code { get; init; }

    /// <summary>Folder for the device's identity, as for <see cref="GatewayOptions.IdentityPath"/>. Made if it is not there.</summary>
    public required string IdentityPath { get; init; }

    /// <summary>The journal that the enrolment will begin, as for <see cref="GatewayOptions.JournalPath"/>; it must not be there yet.</summary>
    public required string JournalPath { get; init; }

    /// <summary>Where the signing key lies or is to lie, as for <see cref="GatewayOptions.SigningKey"/>. Made if it is not there.</summary>
    public KeyLocation? SigningKey { get; init; }

    /// <summary>What opens keys; the transport's key is sealed with the same secret.</summary>
    public KeyOptions Keys { get; init; } = new();

    /// <summary>The chain's signing key, if it is not a file (a token). It stays the caller's.</summary>
    public ISigner? Signer { get; init; }

    /// <summary>Name and version of the program, 1 to 100 characters.</summary>
    public string Software { get; init; } = "Invoicing.Gateway";

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Everything but the code.</summary>
    public override string ToString() => $"{IdentityPath} at {Authority}";

    /// <summary>What does not fit; <see langword="null"/> if all does.</summary>
    internal string? Fault() =>
        Authority is not { IsAbsoluteUri: true } || Authority.Scheme != Uri.UriSchemeHttps ? $"Authority: expected https://host:port, found '{Authority}'"
        : Code == default ? "Code: expected an activation code, found none"
        : string.IsNullOrEmpty(IdentityPath) ? "IdentityPath: expected a folder, found none"
        : string.IsNullOrEmpty(JournalPath) ? "JournalPath: expected a file, found none"
        : Software is not { Length: >= 1 and <= 100 } ? "Software: expected 1 to 100 characters, found others"
        : Keys is null ? "Keys: expected what opens keys, found none"
        : SigningKey is KeyLocation.OnToken && Keys.Host is null ? "Keys.Host: expected how to start a key host, which a key on a token needs, found none"
        : Time is null ? "Time: expected a clock, found none"
        : null;
}
