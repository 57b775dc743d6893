namespace Invoicing.Settings;

/// <summary>A configuration that cannot be used: names the file, the key, what was expected and what was found.</summary>
/// <param name="source">The file.</param>
/// <param name="key">The key, with its path: <c>registers[0].line</c>.</param>
/// <param name="expected">What belongs there.</param>
/// <param name="found">What is there.</param>
public sealed class SettingsException(string source, string key, string expected, string found)
    : InvoicingException($"{source}: key '{key}': expected {expected}, found {found}")
{
    /// <summary>The key, with its path.</summary>
    public string Key { get; } = key;
}
