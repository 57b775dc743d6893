using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>A key on a token, found, logged in to and ready to sign. Lives in the key host's process.</summary>
internal sealed class TokenKey
{
    /// <summary>DER of id-ecPublicKey's parameter for P-256, as tokens have it.</summary>
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    /// <summary>DigestInfo of SHA-256 before its 32 bytes. Source: RFC 8017, section 9.2, note 1.</summary>
    private static readonly byte[] Sha256Info = [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

    private readonly Cryptoki _module;
    private readonly nuint _slot;
    private readonly nuint _key;

    private TokenKey(Cryptoki module, nuint slot, nuint key, bool isRsa, byte[] publicKey, byte[] certificate)
    {
        _module = module;
        _slot = slot;
        _key = key;
        IsRsa = isRsa;
        PublicKey = publicKey;
        Certificate = certificate;
    }

    public bool IsRsa { get; }

    /// <summary>SubjectPublicKeyInfo (DER).</summary>
    public byte[] PublicKey { get; }

    /// <summary>The certificate that lies beside the key; empty if none does.</summary>
    public byte[] Certificate { get; }

    /// <summary>Opens a key.</summary>
    /// <param name="module">The maker's library.</param>
    /// <param name="uri">Which key.</param>
    /// <param name="pin">PIN; empty for none.</param>
    /// <param name="expected">Public key that it must be; empty if any is right.</param>
    /// <param name="creates">Whether to make a P-256 key if there is none of that name.</param>
    /// <exception cref="TokenException">It cannot be used.</exception>
    public static TokenKey Open(Cryptoki module, TokenUri uri, byte[] pin, byte[] expected, bool creates)
    {
        (nuint slot, nuint flags) = FindToken(module, uri);
        nuint session = module.OpenSession(slot, isWriting: creates);

        // Looked at before the PIN is given away: another token would count it as a wrong one, and lock.
        if (Visible(module, session, uri) is { } seen)
        {
            Require(expected, seen);
        }

        Login(module, session, flags, pin);
        nuint[] keys = module.Find(session, [(TokenObject.Class, TokenObject.Number(TokenObject.PrivateKeyClass)), .. Names(uri)]);
        if (keys.Length == 0 && creates)
        {
            Generate(module, session, uri);
            keys = module.Find(session, [(TokenObject.Class, TokenObject.Number(TokenObject.PrivateKeyClass)), .. Names(uri)]);
        }

        if (keys.Length != 1)
        {
            throw new TokenException(
                keys.Length == 0 ? TokenTrouble.Absent : TokenTrouble.NoKey, $"expected one private key of that name on the token, found {keys.Length}; see 'pkcs11-tool --list-objects --login'");
        }

        bool isRsa = TokenObject.Number(module.Read(session, keys[0], TokenObject.KeyType)) switch
        {
            TokenObject.RsaKey => true,
            TokenObject.EcKey => false,
            _ => throw new TokenException(TokenTrouble.NoKey, "expected an RSA or EC key on the token, found one of another sort"),
        };
        byte[] id = module.Read(session, keys[0], TokenObject.Id) ?? [];
        byte[] certificate = ReadCertificate(module, session, uri, id);
        byte[] publicKey = (isRsa ? Rsa(module, session, keys[0]) : Ec(module, session, uri, id)) ?? FromCertificate(certificate)
            ?? throw new TokenException(TokenTrouble.NoKey, "expected the key's public half, or its certificate, beside it on the token, found neither");
        Require(expected, publicKey);
        return new(module, slot, keys[0], isRsa, publicKey, certificate);
    }

    /// <summary>Opens a session for one thread; the login counts for all of a process's sessions.</summary>
    public nuint OpenSession() => _module.OpenSession(_slot, isWriting: false);

    /// <summary>Signs a SHA-256 hash.</summary>
    /// <returns>EC: r and s. RSA: PKCS#1 v1.5.</returns>
    /// <exception cref="TokenException">The token does not sign.</exception>
    public byte[] Sign(nuint session, byte[] hash) => IsRsa
        ? _module.Sign(session, _key, TokenObject.RsaPkcs, [.. Sha256Info, .. hash])
        : _module.Sign(session, _key, TokenObject.Ecdsa, hash);

    private static (nuint Slot, nuint Flags) FindToken(Cryptoki module, TokenUri uri)
    {
        var right = new List<(nuint Slot, nuint Flags)>();
        var others = new List<string>();
        foreach (nuint slot in module.Slots())
        {
            if (module.Token(slot) is not { } token || (uri.Slot is { } number && number != slot))
            {
                continue;
            }

            if ((uri.Token ?? token.Label) == token.Label && (uri.Manufacturer ?? token.Manufacturer) == token.Manufacturer
                && (uri.Model ?? token.Model) == token.Model && (uri.Serial ?? token.Serial) == token.Serial)
            {
                right.Add((slot, token.Flags));
            }
            else if (token.Label.Length > 0)
            {
                others.Add($"'{token.Label}'");
            }
        }

        string found = others.Count == 0 ? "none in any slot" : string.Join(", ", others.Take(8));
        return right.Count switch
        {
            1 => right[0],
            0 => throw new TokenException(TokenTrouble.Gone, $"expected the token{(uri.Token is { } label ? $" '{label}'" : string.Empty)}, found {found}; put it in"),
            _ => throw new TokenException(TokenTrouble.NoKey, $"expected one token that fits the address, found {right.Count}; name its 'serial'"),
        };
    }

    private static void Login(Cryptoki module, nuint session, nuint flags, byte[] pin)
    {
        if ((flags & TokenObject.LoginRequired) == 0)
        {
            return;
        }

        if ((flags & TokenObject.UserPinLocked) != 0)
        {
            throw new TokenException(TokenTrouble.PinClosed, "expected a token that takes its PIN, found one that is locked; its officer has to set a new PIN");
        }

        if ((flags & TokenObject.UserPinFinalTry) != 0)
        {
            throw new TokenException(
                TokenTrouble.PinClosed, "expected a token with more than one try for its PIN left, found one with its last; log in by hand ('pkcs11-tool --login --test') to win the others back");
        }

        if (pin.Length == 0 && (flags & TokenObject.ProtectedAuthenticationPath) == 0)
        {
            throw new TokenException(TokenTrouble.PinClosed, "expected a PIN for the token, found none; name its file as 'pkcs11_pin_file'");
        }

        switch (module.Login(session, pin))
        {
            case Cryptoki.Ok or Cryptoki.AlreadyLoggedIn:
                return;
            case Cryptoki.PinIncorrect or Cryptoki.PinInvalid or Cryptoki.PinLengthRange:
                throw new TokenException(TokenTrouble.PinWrong, "expected the token's PIN, found another; it is not tried again until its file has changed");
            case Cryptoki.PinLocked:
                throw new TokenException(TokenTrouble.PinClosed, "expected a token that takes its PIN, found one that is locked; its officer has to set a new PIN");
            case Cryptoki.TokenNotPresent or Cryptoki.DeviceRemoved:
                throw new TokenException(TokenTrouble.Gone, "the token was pulled out; put it back");
            case nuint other:
                throw new TokenException(TokenTrouble.Failed, $"the token does not let its user in: C_Login gave 0x{other:X}");
        }
    }

    private static void Require(byte[] expected, byte[] found)
    {
        if (expected.Length > 0 && !expected.AsSpan().SequenceEqual(found))
        {
            throw new TokenException(
                TokenTrouble.NoKey, $"expected key {Sha256Hash.Of(expected)} on the token, found {Sha256Hash.Of(found)}; put the right token back");
        }
    }

    private static void Generate(Cryptoki module, nuint session, TokenUri uri)
    {
        byte[] id = uri.Id.IsEmpty ? RandomNumberGenerator.GetBytes(8) : uri.Id.ToArray();
        byte[] label = TokenFrames.Text(uri.Label ?? Convert.ToHexStringLower(id));
        module.Generate(
            session,
            TokenObject.EcKeyPairGeneration,
            [
                (TokenObject.OnToken, TokenObject.Yes), (TokenObject.Private, TokenObject.No), (TokenObject.Verify, TokenObject.Yes),
                (TokenObject.Label, label), (TokenObject.Id, id), (TokenObject.EcParameters, P256),
            ],
            [
                (TokenObject.OnToken, TokenObject.Yes), (TokenObject.Private, TokenObject.Yes), (TokenObject.Sign, TokenObject.Yes),
                (TokenObject.Sensitive, TokenObject.Yes), (TokenObject.Extractable, TokenObject.No),
                (TokenObject.Label, label), (TokenObject.Id, id),
            ]);
    }

    private static (nuint, byte[])[] Names(TokenUri uri) =>
    [
        .. uri.Label is { } label ? [(TokenObject.Label, TokenFrames.Text(label))] : ((nuint, byte[])[])[],
        .. uri.Id.IsEmpty ? [] : ((nuint, byte[])[])[(TokenObject.Id, uri.Id.ToArray())],
    ];

    private static (nuint, byte[])[] Names(TokenUri uri, byte[] id) => id.Length == 0 ? Names(uri) : [(TokenObject.Id, id)];

    /// <summary>The public key, as far as a token shows it to everybody.</summary>
    private static byte[]? Visible(Cryptoki module, nuint session, TokenUri uri) => Ec(module, session, uri, []);

    private static byte[]? Ec(Cryptoki module, nuint session, TokenUri uri, byte[] id)
    {
        nuint[] found = module.Find(
            session,
            [
                (TokenObject.Class, TokenObject.Number(TokenObject.PublicKeyClass)), (TokenObject.KeyType, TokenObject.Number(TokenObject.EcKey)),
                .. Names(uri, id),
            ]);
        if (found.Length != 1 || module.Read(session, found[0], TokenObject.EcPoint) is not { } point
            || module.Read(session, found[0], TokenObject.EcParameters) is not { } curve || !curve.AsSpan().SequenceEqual(P256))
        {
            return null;
        }

        // CKA_EC_POINT is an OCTET STRING that holds the point; some makers leave the string's head out.
        ReadOnlySpan<byte> bare = point is [0x04, 0x41, .. { Length: 65 } inner] ? inner : point;
        if (bare.Length != 65 || bare[0] != 4)
        {
            return null;
        }

        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = bare[1..33].ToArray(), Y = bare[33..].ToArray() },
        });
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[]? Rsa(Cryptoki module, nuint session, nuint key)
    {
        if (module.Read(session, key, TokenObject.Modulus) is not { Length: > 0 } modulus
            || module.Read(session, key, TokenObject.PublicExponent) is not { Length: > 0 } exponent)
        {
            return null;
        }

        using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] ReadCertificate(Cryptoki module, nuint session, TokenUri uri, byte[] id)
    {
        nuint[] found = module.Find(
            session,
            [
                (TokenObject.Class, TokenObject.Number(TokenObject.CertificateClass)), (TokenObject.CertificateType, TokenObject.Number(0)),
                .. Names(uri, id),
            ]);
        return found.Length == 1 ? module.Read(session, found[0], TokenObject.Value) ?? [] : [];
    }

    private static byte[]? FromCertificate(byte[] certificate)
    {
        if (certificate.Length == 0)
        {
            return null;
        }

        try
        {
            using X509Certificate2 read = X509CertificateLoader.LoadCertificate(certificate);
            return read.PublicKey.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException)
        {
            throw new TokenException(TokenTrouble.NoKey, "expected an X.509 certificate beside the key on the token, found other bytes");
        }
    }
}
