namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Whom a certificate was issued to.</summary>
/// <param name="Client">The client, as it stands now.</param>
/// <param name="Certificate">The certificate.</param>
internal sealed record KnownCaller(RegisteredClient Client, RegisteredCertificate Certificate);
