using System.Collections.Frozen;
using Invoicing.Chain;
using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment;

/// <summary>One client as the registry holds it. Immutable: a change makes another.</summary>
internal sealed record RegisteredClient
{
    /// <summary>Its row.</summary>
    public required long Id { get; init; }

    /// <summary>Name of the device, follower or operator.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required ClientRole Role { get; init; }

    /// <summary>Where it stands.</summary>
    public required ClientStanding Standing { get; init; }

    /// <summary>Why it stands there; empty if nobody said.</summary>
    public required string Reason { get; init; }

    /// <summary>UTC; since when it stands there.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Tax codes whose entries a follower or an operator may see; <see langword="null"/>: all. Of a device: its seller.</summary>
    public required FrozenSet<string>? Scope { get; init; }

    /// <summary>Life of its certificates, 1 to 825 days.</summary>
    public required int CertificateDays { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>What was granted to a device; <see langword="null"/> of others.</summary>
    public EnrolmentGrant? Grant { get; init; }

    /// <summary>How many codes it is granted at a time; 0 unless it is a device.</summary>
    public int CodesAtATime { get; init; }

    /// <summary>How many numbers it is granted at a time; 0 unless it is a device.</summary>
    public int NumbersAtATime { get; init; }

    /// <summary>SHA-256 of its newest certificate (DER).</summary>
    public required Sha256Hash Certificate { get; init; }

    /// <summary>UTC; when its newest certificate ends.</summary>
    public required DateTimeOffset CertificateEnd { get; init; }

    /// <summary>The scope as it is written: <c>all</c>, or tax codes with commas.</summary>
    public string ScopeText => TextOf(Scope);

    /// <summary>Reads a scope.</summary>
    /// <returns>Tax codes; <see langword="null"/>: all.</returns>
    public static FrozenSet<string>? ReadScope(string text) =>
        text == "all" ? null : text.Split(',').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Writes a scope.</summary>
    public static string TextOf(IReadOnlySet<string>? scope) => scope is null ? "all" : string.Join(',', scope.Order(StringComparer.Ordinal));
}
