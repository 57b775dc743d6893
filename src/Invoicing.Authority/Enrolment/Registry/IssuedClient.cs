namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>A certificate with whom it was issued to.</summary>
/// <param name="Client">The client.</param>
/// <param name="Certificate">Its certificate (DER).</param>
/// <param name="Issuers">What it leads to, the root last (DER).</param>
internal sealed record IssuedClient(RegisteredClient Client, byte[] Certificate, IReadOnlyList<byte[]> Issuers);
