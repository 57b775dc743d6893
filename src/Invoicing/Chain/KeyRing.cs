using System.Collections.Concurrent;
using System.Security.Cryptography;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Imported public keys, kept because importing one costs more than two verifications. Safe for any number of threads.</summary>
/// <remarks>
/// At most <paramref name="capacity"/> keys; when full, all are dropped and imported again as they are needed, which costs a busy
/// ledger one import per chain and never an unbounded memory. A native P-256 key holds about 1.5 KB.
/// </remarks>
/// <param name="capacity">Most keys held.</param>
public sealed class KeyRing(int capacity = KeyRing.DefaultCapacity)
{
    /// <summary>20,000 keys are about 30 MB: the chains that one node serves at a time.</summary>
    public const int DefaultCapacity = 20_000;

    private readonly ConcurrentDictionary<Sha256Hash, VerifyingKey> _keys = new();

    /// <summary>The key of a SubjectPublicKeyInfo, or <see langword="null"/> if the bytes are no P-256 key.</summary>
    public VerifyingKey? Find(ReadOnlySpan<byte> publicKey)
    {
        var id = Sha256Hash.Of(publicKey);
        if (_keys.TryGetValue(id, out VerifyingKey? known))
        {
            return known;
        }

#pragma warning disable CA2000 // The ring owns what it imports; a key that lost the race is left to its finaliser.
        VerifyingKey? imported = Import(publicKey);
#pragma warning restore CA2000
        if (imported is null)
        {
            return null;
        }

        if (_keys.Count >= capacity)
        {
            // Not disposed: another thread may be verifying with one. The finaliser frees them.
            _keys.Clear();
        }

        return _keys.GetOrAdd(id, imported);
    }

    private static VerifyingKey? Import(ReadOnlySpan<byte> publicKey)
    {
        try
        {
            return VerifyingKey.Import(publicKey);
        }
        catch (CryptographicException)
        {
            return null; // an expected outcome: the bytes come from a peer
        }
    }
}
