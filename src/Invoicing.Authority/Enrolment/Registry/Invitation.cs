using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>An activation code that was made; its secret is not kept, only its hash.</summary>
internal sealed record Invitation
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>Name that the device will have.</summary>
    public required string Name { get; init; }

    /// <summary>What it grants.</summary>
    public required DeviceTerms Terms { get; init; }

    /// <summary>Row of the device that the new one succeeds; <see langword="null"/> if none.</summary>
    public required long? Succeeds { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>UTC; not to be used from then on.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>UTC; <see langword="null"/> unless it was withdrawn.</summary>
    public required DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>UTC; <see langword="null"/> unless it was used.</summary>
    public required DateTimeOffset? UsedAt { get; init; }

    /// <summary>SHA-256 of the request that used it.</summary>
    public required Sha256Hash? Request { get; init; }

    /// <summary>Row of the device that used it.</summary>
    public required long? Client { get; init; }

    /// <summary>Where it stands, in a word.</summary>
    /// <param name="now">The time.</param>
    public string StateAt(DateTimeOffset now) =>
        UsedAt is not null ? "used" : WithdrawnAt is not null ? "withdrawn" : now >= ExpiresAt ? "expired" : "open";
}
