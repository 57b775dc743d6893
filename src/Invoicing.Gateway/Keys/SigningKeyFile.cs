using System.Security.Cryptography;
using System.Text;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Keys;

/// <summary>A signing key as a file: PKCS#8 (PEM), sealed where there is a secret, readable by its owner alone.</summary>
/// <remarks>
/// A new key is on the disk, under its name, before it is used: written to a file of another name, flushed, renamed, the folder flushed.
/// Dying between any two of these leaves either no key or a whole one, and at worst a file <c>.new</c> that nothing reads. Sealing an open file
/// goes the same way, so that the key is there all the time.
/// </remarks>
internal static class SigningKeyFile
{
    private const string Open = "PRIVATE KEY";
    private const string Sealed = "ENCRYPTED PRIVATE KEY";
    private const string ByDpapi = "DPAPI PRIVATE KEY";

    /// <summary>Most bytes of a file: a sealed P-256 key has some 400.</summary>
    private const int MaxLength = 16 * 1024;

    /// <summary>Reads a key; one that lies open is sealed in its place if there is a seal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seal">What opens it; <see langword="null"/>: no secret is configured.</param>
    /// <returns>The key, or <see langword="null"/> if there is no such file.</returns>
    /// <exception cref="InvoicingException">The file is no P-256 key, cannot be read or is readable by others; or the secret is another.</exception>
    public static SoftwareSigner? Read(string path, KeySeal? seal = null) => Read(path, (label, der) => label switch
    {
        Open => Import(der),
        Sealed when seal is not null => Import(seal.Unseal(der, path)),
        Sealed => throw new InvoicingException($"{path}: expected the secret that this key is sealed with, found none in the settings; name its file as 'key_secret'"),
        _ => throw new InvoicingException($"{path}: expected a PEM '{Open}' or '{Sealed}', found another"),
    }, seal);

    /// <summary>Reads a key that Windows sealed for its user.</summary>
    /// <returns>The key, or <see langword="null"/> if there is no such file.</returns>
    /// <exception cref="InvoicingException">The file is no such key, or of another user.</exception>
    public static SoftwareSigner? ReadDpapi(string path) => Read(path, (label, der) => label == ByDpapi
        ? Import(WindowsDataProtection.Unprotect(der, path))
        : throw new InvoicingException($"{path}: expected a PEM '{ByDpapi}', found another"), seal: null);

    /// <summary>Whether a key file is sealed; <see langword="false"/> if it is open, or not there.</summary>
    public static bool IsSealed(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Contains($"-----BEGIN {Sealed}-----", StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false; // asked for status only: reading the key says what is wrong
        }
    }

    /// <summary>Makes a key and writes it.</summary>
    /// <exception cref="InvoicingException">There is a file of that name already, or it cannot be written.</exception>
    public static SoftwareSigner Create(string path, KeySeal? seal = null) => Create(path, seal is null ? Open : Sealed, seal is null ? null : seal.Seal);

    /// <summary>Makes a key that Windows seals for its user, and writes it.</summary>
    /// <exception cref="InvoicingException">There is a file of that name already, it cannot be written, or this is not Windows.</exception>
    public static SoftwareSigner CreateDpapi(string path) => Create(path, ByDpapi, WindowsDataProtection.Protect);

    /// <summary>Removes a key that is not in force any more, if it is there.</summary>
    /// <exception cref="InvoicingException">It cannot be removed.</exception>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
            DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (DirectoryNotFoundException)
        {
            return; // gone with its folder
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: the key that is not in force any more cannot be removed: {fault.Message}", innerException: fault);
        }
    }

    private delegate byte[] Sealing(ReadOnlySpan<byte> pkcs8);

    private static SoftwareSigner? Read(string path, Func<string, byte[], SoftwareSigner> open, KeySeal? seal)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            OwnerOnly.Require(path);
            if (new FileInfo(path).Length > MaxLength)
            {
                throw new InvoicingException($"{path}: expected a key file of at most {MaxLength} bytes, found more");
            }

            string pem = File.ReadAllText(path);
            PemFields fields = PemEncoding.Find(pem);
            string label = pem[fields.Label];
            SoftwareSigner key = open(label, Convert.FromBase64String(pem[fields.Base64Data]));
            if (label == Open && seal is not null)
            {
                Write(path, key, Sealed, seal.Seal, overwrite: true);
            }

            return key;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new InvoicingException($"{path}: expected a signing key (PKCS#8 PEM, P-256), found none: {fault.Message}", innerException: fault);
        }
    }

    private static SoftwareSigner Create(string path, string label, Sealing? seal)
    {
        var signer = SoftwareSigner.Create();
        try
        {
            Write(path, signer, label, seal, overwrite: false);
            return signer;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            signer.Dispose();
            throw new InvoicingException($"{path}: the signing key cannot be written: {fault.Message}", innerException: fault);
        }
        catch
        {
            signer.Dispose();
            throw;
        }
    }

    private static SoftwareSigner Import(byte[] pkcs8)
    {
        try
        {
            return SoftwareSigner.Import(pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static void Write(string path, SoftwareSigner key, string label, Sealing? seal, bool overwrite)
    {
        byte[] pkcs8 = key.Export();
        byte[] bytes;
        try
        {
            bytes = seal?.Invoke(pkcs8) ?? [.. pkcs8];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        string temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(PemEncoding.WriteString(label, bytes) + "\n"));
            DiskFlush.Flush(file);
        }

        File.Move(temporary, path, overwrite);
        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
