using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>A certificate that was issued.</summary>
/// <param name="Hash">SHA-256 of it (DER).</param>
/// <param name="Client">Row of whom it was issued to.</param>
/// <param name="Bytes">The certificate (DER).</param>
/// <param name="NotBefore">UTC.</param>
/// <param name="NotAfter">UTC.</param>
/// <param name="IsCurrent">Whether it is let in: one of the client's two newest.</param>
internal sealed record RegisteredCertificate(
    Sha256Hash Hash, long Client, byte[] Bytes, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool IsCurrent);
