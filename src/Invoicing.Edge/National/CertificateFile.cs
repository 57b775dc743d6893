using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Invoicing.Edge.National;

/// <summary>Reads the seller's certificate and key from a PKCS#12 file.</summary>
internal static class CertificateFile
{
    /// <summary>Reads a file; the key stays in memory only.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passwordPath">File whose first line is its password; <see langword="null"/> for none.</param>
    /// <exception cref="InvoicingException">A file cannot be read, or the password is another.</exception>
    public static X509Certificate2 Read(string path, string? passwordPath)
    {
        try
        {
            string? password = passwordPath is null ? null : File.ReadLines(passwordPath).FirstOrDefault();
            return X509CertificateLoader.LoadPkcs12(File.ReadAllBytes(path), password, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: the certificate or its password cannot be read: {fault.Message}", innerException: fault);
        }
        catch (CryptographicException fault)
        {
            throw new InvoicingException(
                $"{path}: expected a PKCS#12 file with certificate and key, and its password in the password file, found others: {fault.Message}",
                innerException: fault);
        }
    }
}
