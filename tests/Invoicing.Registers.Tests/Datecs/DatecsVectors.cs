using System.Text.Json;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>The golden vectors of the family, as the simulated register reads them, too.</summary>
internal static class DatecsVectors
{
    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "datecs.json"))).RootElement;

    internal static IEnumerable<JsonElement> All => Root.EnumerateArray();

    internal static TheoryData<string> Names(Func<JsonElement, bool> wanted) =>
        [.. All.Where(v => wanted(v.GetProperty("means"))).Select(v => v.GetProperty("name").GetString()!)];

    internal static JsonElement Named(string name) => All.Single(v => v.GetProperty("name").GetString() == name);

    internal static byte[] Wire(JsonElement vector) => Convert.FromHexString(vector.GetProperty("wire").GetString()!);

    internal static bool Is(JsonElement means, string dialects, string direction) =>
        dialects.Split(' ').Contains(means.GetProperty("dialect").GetString()) && means.GetProperty("direction").GetString() == direction;
}
