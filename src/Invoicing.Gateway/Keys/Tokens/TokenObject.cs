namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>Attributes, classes and mechanisms by their numbers. Source: PKCS #11 v2.40, <c>pkcs11t.h</c>.</summary>
internal static class TokenObject
{
    public const nuint Class = 0x0;
    public const nuint OnToken = 0x1;
    public const nuint Private = 0x2;
    public const nuint Label = 0x3;
    public const nuint Value = 0x11;
    public const nuint CertificateType = 0x80;
    public const nuint KeyType = 0x100;
    public const nuint Id = 0x102;
    public const nuint Sensitive = 0x103;
    public const nuint Verify = 0x10A;
    public const nuint Sign = 0x108;
    public const nuint Modulus = 0x120;
    public const nuint PublicExponent = 0x122;
    public const nuint Extractable = 0x162;
    public const nuint EcParameters = 0x180;
    public const nuint EcPoint = 0x181;

    public const nuint CertificateClass = 1;
    public const nuint PublicKeyClass = 2;
    public const nuint PrivateKeyClass = 3;

    public const nuint RsaKey = 0;
    public const nuint EcKey = 3;

    public const nuint RsaPkcs = 0x1;
    public const nuint EcKeyPairGeneration = 0x1040;
    public const nuint Ecdsa = 0x1041;

    /// <summary>Flags of CK_TOKEN_INFO.</summary>
    public const nuint LoginRequired = 0x4;
    public const nuint ProtectedAuthenticationPath = 0x100;
    public const nuint UserPinFinalTry = 0x20000;
    public const nuint UserPinLocked = 0x40000;

    public static readonly byte[] Yes = [1];
    public static readonly byte[] No = [0];

    /// <summary>A number as the machine has it.</summary>
    public static byte[] Number(nuint number) => nint.Size == 8 ? BitConverter.GetBytes((ulong)number) : BitConverter.GetBytes((uint)number);

    public static nuint? Number(byte[]? bytes) =>
        bytes is null || bytes.Length != nint.Size ? null : nint.Size == 8 ? (nuint)BitConverter.ToUInt64(bytes) : BitConverter.ToUInt32(bytes);
}
