namespace Invoicing.Gateway.Keys;

/// <summary>What opens keys: names of files with secrets, never the secrets themselves.</summary>
public sealed record KeyOptions
{
    /// <summary>
    /// File whose first line is the secret that key files are sealed with; <see langword="null"/>: they are not. A key file that is still open
    /// is sealed when it is next read.
    /// </summary>
    public string? SecretPath { get; init; }

    /// <summary>Library of the token's maker (PKCS#11), for addresses that name none.</summary>
    public string? Pkcs11Module { get; init; }

    /// <summary>File whose first line is the token's PIN, for addresses that name none.</summary>
    public string? Pkcs11PinPath { get; init; }

    /// <summary>
    /// How to start the process that uses tokens; needed for <c>pkcs11:</c> only. The program has to call <see cref="KeyHost.Serve"/> and do
    /// nothing else when it is started so.
    /// </summary>
    public KeyHostCommand? Host { get; init; }
}
