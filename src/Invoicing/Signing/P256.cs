using System.Security.Cryptography;

namespace Invoicing.Signing;

/// <summary>The one curve in use (NIST P-256), checked by its object identifier.</summary>
internal static class P256
{
    private const string Oid = "1.2.840.10045.3.1.7";

    /// <summary>Refuses a key on another curve.</summary>
    /// <exception cref="CryptographicException">The key lies on another curve.</exception>
    public static void Require(ECDsa key)
    {
        ECParameters parameters = key.ExportParameters(includePrivateParameters: false);
        if (!parameters.Curve.IsNamed || parameters.Curve.Oid.Value != Oid)
        {
            throw new CryptographicException($"expected a key on P-256, found curve {parameters.Curve.Oid?.FriendlyName ?? "without name"}");
        }
    }
}
