using System.Runtime.InteropServices;

namespace Invoicing.Gateway.Keys;

/// <summary>Windows' own sealing for the user that runs the program (DPAPI).</summary>
/// <remarks>Source: Microsoft, CryptProtectData and CryptUnprotectData (dpapi.h).</remarks>
internal static unsafe partial class WindowsDataProtection
{
    /// <summary>No window is ever shown: a service has none.</summary>
    private const uint UiForbidden = 0x1;

    /// <summary>Not secret: keeps what other programs of the user sealed from being taken for ours.</summary>
    private static readonly byte[] Entropy = "invoicing/signing-key/1"u8.ToArray();

    /// <summary>Seals.</summary>
    /// <exception cref="InvoicingException">This is not Windows, or Windows refuses.</exception>
    public static byte[] Protect(ReadOnlySpan<byte> open) => Run(open, isProtecting: true, "a new key");

    /// <summary>Opens what was sealed for this user on this machine. The caller wipes what it gets.</summary>
    /// <param name="sealedBytes">What <see cref="Protect"/> gave.</param>
    /// <param name="path">Where it was read, for people.</param>
    /// <exception cref="InvoicingException">This is not Windows, or it was sealed for another user, on another machine or by another program.</exception>
    public static byte[] Unprotect(ReadOnlySpan<byte> sealedBytes, string path) => Run(sealedBytes, isProtecting: false, path);

    private static byte[] Run(ReadOnlySpan<byte> bytes, bool isProtecting, string what)
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new InvoicingException($"{what}: expected Windows for a key at 'dpapi:', found another system; use 'file:' with a secret, or 'pkcs11:'");
        }

        fixed (byte* input = bytes)
        fixed (byte* entropy = Entropy)
        {
            var given = new Blob { Length = (uint)bytes.Length, Bytes = input };
            var salt = new Blob { Length = (uint)Entropy.Length, Bytes = entropy };
            Blob result = default;
            int done = isProtecting
                ? CryptProtectData(&given, null, &salt, null, null, UiForbidden, &result)
                : CryptUnprotectData(&given, null, &salt, null, null, UiForbidden, &result);
            if (done == 0)
            {
                string expected = isProtecting ? "Windows to seal it" : "a key that was sealed for this user on this machine";
                throw new InvoicingException($"{what}: expected {expected}, found error {Marshal.GetLastPInvokeErrorMessage()}; run as the user that made the key");
            }

            var found = new Span<byte>(result.Bytes, (int)result.Length);
            byte[] copy = found.ToArray();
            found.Clear();
            LocalFree(result.Bytes);
            return copy;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Blob
    {
        public uint Length;
        public byte* Bytes;
    }

    [LibraryImport("crypt32", SetLastError = true)]
    private static partial int CryptProtectData(Blob* open, char* description, Blob* entropy, void* reserved, void* prompt, uint flags, Blob* sealedBytes);

    [LibraryImport("crypt32", SetLastError = true)]
    private static partial int CryptUnprotectData(Blob* sealedBytes, char** description, Blob* entropy, void* reserved, void* prompt, uint flags, Blob* open);

    [LibraryImport("kernel32")]
    private static partial void* LocalFree(void* memory);
}
