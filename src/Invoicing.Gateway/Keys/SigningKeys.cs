using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Invoicing.Gateway.Keys.Tokens;
using Invoicing.Hashing;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Keys;

/// <summary>Opens, makes and removes signing keys wherever they lie.</summary>
/// <param name="options">What opens keys.</param>
/// <param name="time">Timers.</param>
/// <param name="logger">Where it is told when a token is away and back.</param>
[SuppressMessage("Reliability", "CA2000", Justification = "Callers own what is opened; what is not given to them is disposed of here.")]
internal sealed class SigningKeys(KeyOptions options, TimeProvider time, ILogger logger)
{
    private readonly KeySeal? _seal = KeySeal.Of(options);

    /// <summary>Finds the key in force at one of the places where it may lie, or what stands in for it until it is back.</summary>
    /// <param name="places">Where: first the one that the journal notes, then the one that the settings name.</param>
    /// <param name="publicKey">The key in force.</param>
    /// <exception cref="InvoicingException">A key lies there and is another, or cannot be opened: a person has to act.</exception>
    public (ISigner Signer, KeyLocation Location) Find(IReadOnlyList<KeyLocation> places, ReadOnlyMemory<byte> publicKey)
    {
        var keyId = Sha256Hash.Of(publicKey.Span);
        Sha256Hash? other = null;
        foreach (KeyLocation place in places.Where(place => place is not KeyLocation.OnToken))
        {
            if (Read(place) is not { } signer)
            {
                continue;
            }

            if (signer.KeyId == keyId)
            {
                return (signer, place);
            }

            other = signer.KeyId;
            signer.Dispose();
        }

        if (FindOnToken([.. places.OfType<KeyLocation.OnToken>()], publicKey) is { } token)
        {
            return token;
        }

        return other is null
            ? (new ReturningSigner(PathOf(places[0]), () => Read(places[0]), publicKey), places[0])
            : throw new InvoicingException($"expected the chain's signing key {keyId}, found {other}; put the right key back");
    }

    /// <summary>Opens a key that is there.</summary>
    /// <returns><see langword="null"/> if there is none: no such file, no key of that name on the token.</returns>
    /// <exception cref="InvoicingException">It cannot be opened.</exception>
    public ISigner? Read(KeyLocation place)
    {
        switch (place)
        {
            case KeyLocation.InFile file:
                return SigningKeyFile.Read(file.Path, _seal);
            case KeyLocation.ByDpapi file:
                return SigningKeyFile.ReadDpapi(file.Path);
            case KeyLocation.InStore store:
                return StoreKey.Open(store);
            case KeyLocation.OnToken token:
                return FromToken(token, creates: false);
            default:
                throw new InvalidOperationException($"expected a place that is known, found {place}");
        }
    }

    /// <summary>Makes a key.</summary>
    /// <exception cref="InvoicingException">There is one already, none can be made there, or the place cannot be used now.</exception>
    public ISigner Create(KeyLocation place) => place switch
    {
        KeyLocation.InFile file => SigningKeyFile.Create(file.Path, _seal),
        KeyLocation.ByDpapi file => SigningKeyFile.CreateDpapi(file.Path),
        KeyLocation.OnToken token => FromToken(token, creates: true)!,
        _ => throw new InvoicingException($"{place}: expected a key that is there already, found none; make one with its certificate by the means of Windows"),
    };

    /// <summary>Removes a key that is not in force any more. What lies on a token or in a store stays: only its owner removes it.</summary>
    /// <exception cref="InvoicingException">It cannot be removed.</exception>
    public static void Remove(KeyLocation place)
    {
        if (place is KeyLocation.InFile or KeyLocation.ByDpapi)
        {
            SigningKeyFile.Remove(PathOf(place));
        }
    }

    /// <summary>What a person should know of how a key is kept; else <see langword="null"/>.</summary>
    public string? Warning(KeyLocation? place) => place is KeyLocation.InFile && _seal is null
        ? "the key is not sealed: whoever reads the disk can copy it; name a secret's file as 'key_secret'"
        : null;

    /// <summary>A new name beside a file.</summary>
    /// <param name="place">Where the key in force lies; <see langword="null"/> if only the embedding program knows.</param>
    /// <param name="usual">Where the settings say that keys lie.</param>
    /// <exception cref="InvoicingException">The place has no names to be chosen from.</exception>
    public static KeyLocation NextTo(KeyLocation? place, KeyLocation usual)
    {
        string suffix = "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

        // From the usual name where it is of the same kind, so that names do not grow with each rotation.
        return (place is null || place.GetType() == usual.GetType() ? usual : place) switch
        {
            KeyLocation.InFile file => new KeyLocation.InFile(file.Path + suffix),
            KeyLocation.ByDpapi file => new KeyLocation.ByDpapi(file.Path + suffix),
            _ => throw new InvoicingException("expected the place of the next key, found none: name it, such as pkcs11:token=…;object=… with another object, or file:PATH"),
        };
    }

    private static string PathOf(KeyLocation place) => place switch
    {
        KeyLocation.InFile file => file.Path,
        KeyLocation.ByDpapi file => file.Path,
        _ => place.ToString(),
    };

    /// <summary>
    /// The first token that has the key, or else the first that is named, which is waited for: one that is not there cannot be asked which key it
    /// holds. A PIN that one refused is not given to another, which may be the same.
    /// </summary>
    private (ISigner, KeyLocation)? FindOnToken(KeyLocation.OnToken[] places, ReadOnlyMemory<byte> publicKey)
    {
        (HostedKey Key, KeyLocation Place)? waited = null;
        foreach (KeyLocation.OnToken place in places)
        {
            var key = HostedKey.Expect(place.Uri, publicKey, options, time, logger);
            if (key.IsOpen)
            {
                waited?.Key.Dispose();
                return (new TokenSigner(key), place);
            }

            if (waited is null)
            {
                waited = (key, place);
            }
            else
            {
                key.Dispose();
            }

            if (key.IsPinRefused)
            {
                break;
            }
        }

        return waited is { } found ? (new TokenSigner(found.Key), found.Place) : null;
    }

    private TokenSigner? FromToken(KeyLocation.OnToken token, bool creates)
    {
        HostedKey key;
        try
        {
            key = HostedKey.Open(token.Uri, creates, options, time, logger);
        }
        catch (TokenException fault) when (fault.Trouble == TokenTrouble.Absent && !creates)
        {
            return null;
        }

        try
        {
            return new(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
