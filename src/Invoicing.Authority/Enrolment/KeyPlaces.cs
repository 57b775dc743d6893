using System.Text.Json.Nodes;
using Invoicing.Settings;

namespace Invoicing.Authority.Enrolment;

/// <summary>Where the online keys of an authority are: in their files, unless <c>keys.json</c> says otherwise.</summary>
/// <param name="Issuing">Location of the issuing key.</param>
internal sealed record KeyPlaces(string Issuing)
{
    private const string Key = "issuing_key";

    /// <summary>Reads the places of a folder.</summary>
    /// <exception cref="InvoicingException">The file is not as it must be.</exception>
    public static KeyPlaces Read(AuthorityFolder folder)
    {
        if (!File.Exists(folder.KeyLocations))
        {
            return new(KeyLocation.OfFile(folder.IssuingKey));
        }

        var json = JsonSettings.Parse(File.ReadAllText(folder.KeyLocations), folder.KeyLocations);
        string issuing = json.Text(Key);
        json.Done();
        return new(KeyLocation.Require($"{folder.KeyLocations}: key '{Key}'", issuing));
    }

    /// <summary>Writes the places of a folder.</summary>
    public void Write(AuthorityFolder folder) =>
        DurableFile.Write(folder.KeyLocations, new JsonObject { [Key] = Issuing }.ToJsonString() + "\n", replace: true);
}
