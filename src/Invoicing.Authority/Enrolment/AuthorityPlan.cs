namespace Invoicing.Authority.Enrolment;

/// <summary>How an authority's keys are made.</summary>
internal sealed record AuthorityPlan
{
    /// <summary>Names and addresses that the server is reached by, besides localhost, 127.0.0.1 and ::1.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Where the root's key is, or is made: <c>file:PATH</c> or <c>pkcs11:…</c>; <see langword="null"/>: in the folder's <c>ca/offline</c>.</summary>
    public string? RootKey { get; init; }

    /// <summary>Where the issuing key is: <c>pkcs11:…</c>; <see langword="null"/>: made as a file.</summary>
    public string? IssuingKey { get; init; }
}
