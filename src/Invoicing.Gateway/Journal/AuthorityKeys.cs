using System.Security.Cryptography;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Journal;

/// <summary>The authority's keys that an enrolment names, imported: what watermarks and verdicts are verified with.</summary>
internal sealed class AuthorityKeys : IDisposable
{
    private readonly Dictionary<Sha256Hash, VerifyingKey> _keys = [];

    /// <summary>Imports the keys.</summary>
    /// <exception cref="InvoicingException">The enrolment names something else than a P-256 key.</exception>
    public AuthorityKeys(EnrolmentGrant enrolment)
    {
        try
        {
            foreach (ReadOnlyMemory<byte> anchor in enrolment.Anchors)
            {
                var key = VerifyingKey.Import(anchor.Span);
                _keys[key.KeyId] = key;
            }
        }
        catch (CryptographicException fault)
        {
            Dispose();
            throw new InvoicingException($"expected P-256 keys as the enrolment's trust anchors, found other bytes: {fault.Message}", innerException: fault);
        }

        Watermarks = new(_keys.Values);
    }

    public WatermarkVerifier Watermarks { get; }

    public IReadOnlyDictionary<Sha256Hash, VerifyingKey> ById => _keys;

    public void Dispose()
    {
        foreach (VerifyingKey key in _keys.Values)
        {
            key.Dispose();
        }
    }
}
