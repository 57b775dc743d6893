using Invoicing.Chain;

namespace Invoicing.Gateway.Keys;

/// <summary>Reads the bundle that the authority hands to a device once.</summary>
public static class BundleFile
{
    /// <summary>Most bytes of the file: two certificates, a key and an enrolment of at most 32 KiB in base64.</summary>
    public const int MaxLength = 128 * 1024;

    /// <summary>Reads a bundle.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvoicingException">Not there, or no bundle; names the key that is missing or wrong.</exception>
    public static ClientBundle Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var file = new FileInfo(path);
            return file.Length > MaxLength
                ? throw new InvoicingException($"{path}: expected a client bundle of at most {MaxLength} bytes, found {file.Length}")
                : ClientBundle.Parse(File.ReadAllText(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: expected a client bundle, found a file that cannot be read: {fault.Message}", innerException: fault);
        }
    }
}
