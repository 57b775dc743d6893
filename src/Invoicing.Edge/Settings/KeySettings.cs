using Invoicing.Gateway.Keys;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

/// <summary>Where keys lie and what opens them: <c>signing_key</c>, <c>key_secret</c>, <c>pkcs11_module</c>, <c>pkcs11_pin_file</c>.</summary>
/// <remarks>
/// <c>key_secret</c> and <c>pkcs11_pin_file</c> name a file, or what systemd hands over as a credential: <c>credential:NAME</c> is the file of that
/// name in <c>$CREDENTIALS_DIRECTORY</c>. The secrets themselves never stand in the settings.
/// </remarks>
/// <param name="SigningKey">Where the chain's key lies; <see langword="null"/>: a file beside the journal.</param>
/// <param name="Options">What opens keys.</param>
internal sealed record KeySettings(KeyLocation? SigningKey, KeyOptions Options)
{
    private const string Credential = "credential:";

    /// <summary>The program's own hidden command that uses tokens.</summary>
    public const string HostCommand = "key-host";

    /// <summary>What opens keys where no settings are read: addresses then name their module and the file of their PIN.</summary>
    public static KeyOptions Unsaid => new() { Host = KeyHostCommand.OfThisProgram(HostCommand) };

    /// <summary>Reads the keys.</summary>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static KeySettings Read(JsonSettings json, string folder) => new(
        json.OptionalText("signing_key") is { } place ? Parse(json, "signing_key", place, folder) : null,
        new()
        {
            SecretPath = SecretOf(json, "key_secret", folder),
            Pkcs11Module = json.OptionalText("pkcs11_module") is { } module ? Path.Combine(folder, module) : null,
            Pkcs11PinPath = SecretOf(json, "pkcs11_pin_file", folder),
            Host = KeyHostCommand.OfThisProgram(HostCommand),
        });

    /// <summary>Reads a place as a settings' value.</summary>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static KeyLocation Parse(JsonSettings json, string key, string place, string folder)
    {
        try
        {
            return KeyLocation.Parse(place, folder);
        }
        catch (FormatException fault)
        {
            throw json.Fault(key, "a key location", fault.Message);
        }
    }

    private static string? SecretOf(JsonSettings json, string key, string folder)
    {
        if (json.OptionalText(key) is not { } text)
        {
            return null;
        }

        if (!text.StartsWith(Credential, StringComparison.Ordinal))
        {
            return Path.Combine(folder, text);
        }

        string name = text[Credential.Length..];
        return name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name is "." or ".."
            ? throw json.Fault(key, "the name of a credential after 'credential:'", "another text")
            : Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials ? Path.Combine(credentials, name)
            : throw json.Fault(key, "a credential of systemd (LoadCredential= or LoadCredentialEncrypted= in the unit)", "no $CREDENTIALS_DIRECTORY");
    }
}
