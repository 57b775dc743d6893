using Invoicing.Registers.Receipts;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

/// <summary>A receipt template on disk.</summary>
internal static class TemplateFile
{
    /// <summary>Longest file: a person writes it, by hand; a template of the largest shop is some 10 KiB.</summary>
    private const int MaxBytes = 256 * 1024;

    /// <summary>Reads a template.</summary>
    /// <exception cref="SettingsException">Something in it cannot be used; the key, what was expected and what was found are named.</exception>
    /// <exception cref="InvoicingException">The file cannot be read.</exception>
    public static ReceiptTemplate Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? ReceiptTemplate.Parse(File.ReadAllText(path), path)
                : throw new InvoicingException($"{path}: expected a template of at most {MaxBytes} bytes, found {length}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: expected a readable template: {fault.Message}", innerException: fault);
        }
    }
}
