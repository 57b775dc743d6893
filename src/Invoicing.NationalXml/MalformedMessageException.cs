namespace Invoicing.NationalXml;

/// <summary>A file that is no message of the law's form, or none that belongs here.</summary>
/// <param name="path">Where in the file, as element names: <c>TDiep/DLieu/TBao</c>; the line where it is no XML.</param>
/// <param name="expected">What belongs there.</param>
/// <param name="found">What is there.</param>
/// <param name="innerException">What the parser said.</param>
public sealed class MalformedMessageException(string path, string expected, string found, Exception? innerException = null)
    : InvoicingException($"message at {path}: expected {expected}, found {found}", innerException: innerException)
{
    /// <summary>Where in the file.</summary>
    public string Path { get; } = path;
}
