using System.Security.Cryptography;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Keys;

/// <summary>The chain's signing key as a file beside the journal: PKCS#8 (PEM), readable by its owner alone.</summary>
/// <remarks>
/// A new key is on the disk, under its name, before it is used: written to a file of another name, flushed, renamed, the folder flushed.
/// Dying between any two of these leaves either no key or a whole one, and at worst a file <c>.new</c> that nothing reads.
/// </remarks>
internal static class SigningKeyFile
{
    private const string Label = "PRIVATE KEY";

    /// <summary>Reads a key.</summary>
    /// <returns>The key, or <see langword="null"/> if there is no such file.</returns>
    /// <exception cref="InvoicingException">The file is no P-256 key, or cannot be read.</exception>
    public static SoftwareSigner? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            string pem = File.ReadAllText(path);
            PemFields fields = PemEncoding.Find(pem);
            if (pem[fields.Label] != Label)
            {
                throw new InvoicingException($"{path}: expected a PEM '{Label}', found '{pem[fields.Label]}'");
            }

            byte[] pkcs8 = Convert.FromBase64String(pem[fields.Base64Data]);
            try
            {
                return SoftwareSigner.Import(pkcs8);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(pkcs8);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new InvoicingException($"{path}: expected a signing key (PKCS#8 PEM, P-256), found none: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>Makes a key and writes it.</summary>
    /// <exception cref="InvoicingException">The file cannot be written.</exception>
    public static SoftwareSigner Create(string path)
    {
        var signer = SoftwareSigner.Create();
        byte[] pkcs8 = signer.Export();
        try
        {
            Write(path, PemEncoding.WriteString(Label, pkcs8) + "\n");
            return signer;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            signer.Dispose();
            throw new InvoicingException($"{path}: the signing key cannot be written: {fault.Message}", innerException: fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static void Write(string path, string pem)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(pem));
            DiskFlush.Flush(file);
        }

        File.Move(temporary, path, overwrite: false);
        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
