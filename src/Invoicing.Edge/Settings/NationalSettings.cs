using System.Globalization;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Profiles;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

/// <summary>How a shop's invoices go out in the law's file, from the settings' section <c>national</c>.</summary>
/// <remarks>
/// An object with the keys <c>sender</c>, <c>receiver</c>, <c>solution_provider</c>, <c>certificate</c> (a PKCS#12 file, or
/// <c>pkcs11:…</c> or <c>store:…</c>), <c>password_file</c>, <c>certificate_file</c> (for a token that holds the key alone), <c>out</c>, <c>profiles</c> (a list of <c>from</c> and <c>version</c>; absent: the law's days), and
/// <c>tax_office_code</c>, <c>tax_office_name</c>, <c>place</c> for notices. Options of the command come before them.
/// </remarks>
internal sealed record NationalSettings
{
    public string? Sender { get; init; }

    public string? Receiver { get; init; }

    public string SolutionProvider { get; init; } = string.Empty;

    public string? Certificate { get; init; }

    public string? PasswordFile { get; init; }

    /// <summary>The certificate, where the token holds the key alone.</summary>
    public string? CertificateFile { get; init; }

    public string? Out { get; init; }

    public ProfileSchedule Profiles { get; init; } = ProfileSchedule.Law;

    /// <summary>The tax office that notices go to; <see langword="null"/> where none is named.</summary>
    public NoticeSettings? Office { get; init; }

    /// <summary>Reads the section; all is optional, so that each command asks for what it needs.</summary>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static NationalSettings Read(JsonSettings file, string folder) =>
        file.OptionalObject("national") is { } section ? ReadSection(section, folder) : new();

    private static NationalSettings ReadSection(JsonSettings json, string folder)
    {
        (DateOnly From, NationalProfile Profile)[] periods = [.. json.Objects("profiles").Select(ReadPeriod)];
        string? officeCode = json.OptionalText("tax_office_code");
        string? officeName = json.OptionalText("tax_office_name");
        string? place = json.OptionalText("place");
        NationalSettings settings = new()
        {
            Sender = json.OptionalText("sender"),
            Receiver = json.OptionalText("receiver"),
            SolutionProvider = json.OptionalText("solution_provider") ?? string.Empty,
            Certificate = json.OptionalText("certificate") is { } key && IsKeyLocation(key)
                ? KeySettings.Parse(json, "certificate", key, folder).ToString() : PathOf(json, "certificate", folder),
            CertificateFile = PathOf(json, "certificate_file", folder),
            PasswordFile = PathOf(json, "password_file", folder),
            Out = PathOf(json, "out", folder),
            Profiles = periods.Length == 0 ? ProfileSchedule.Law : new(periods),
            Office = (officeCode, officeName, place) switch
            {
                (null, null, null) => null,
                ({ } code, { } name, { } at) => new(code, name, at),
                _ => throw json.Fault("tax_office_code", "tax_office_code, tax_office_name and place together, or none of them", "some"),
            },
        };
        json.Done();
        return periods.Select(period => period.From).Distinct().Count() == periods.Length
            ? settings
            : throw json.Fault("profiles", "no two formats from the same day", "two");
    }

    /// <summary>Whether a text names a key on a token or in a store, and not a PKCS#12 file.</summary>
    public static bool IsKeyLocation(string text) =>
        text.StartsWith("pkcs11:", StringComparison.Ordinal) || text.StartsWith("store:", StringComparison.Ordinal);

    private static (DateOnly From, NationalProfile Profile) ReadPeriod(JsonSettings json)
    {
        string from = json.Text("from");
        string version = json.Text("version");
        json.Done();
        if (!DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            throw json.Fault("from", "a date such as 2026-07-01", $"'{from}'");
        }

        return NationalProfile.Versions.Contains(version, StringComparer.Ordinal)
            ? (day, NationalProfile.Of(version))
            : throw json.Fault("version", $"one of {string.Join(", ", NationalProfile.Versions)}", $"'{version}'");
    }

    private static string? PathOf(JsonSettings json, string key, string folder) =>
        json.OptionalText(key) is { } path ? Path.Combine(folder, path) : null;
}
