using System.Text.Json;

namespace FirmwareSim.Tests;

/// <summary>The golden vectors of TLK/1, which every implementation of it is held to.</summary>
internal static class Vectors
{
    private static readonly Lazy<JsonElement> File = new(() => JsonDocument.Parse(System.IO.File.ReadAllBytes(Find("vectors/tlk/vectors.json"))).RootElement);

    /// <summary>Names of all sections.</summary>
    public static IEnumerable<string> Sections => File.Value.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array).Select(p => p.Name);

    public static IEnumerable<JsonElement> Of(string section) => File.Value.GetProperty(section).EnumerateArray();

    public static JsonElement Named(string section, string name) => Of(section).Single(item => item.Text("name") == name);

    public static string Text(this JsonElement item, string key) => item.GetProperty(key).GetString()!;

    public static byte[] Hex(this JsonElement item, string key) => Convert.FromHexString(item.Text(key));

    /// <summary>A file under <c>tests/</c>.</summary>
    public static string Find(string relative)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Invoice.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("no Invoice.sln above the tests"), "tests", relative);
    }
}
