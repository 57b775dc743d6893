using System.Text.Json;
using System.Text.Json.Serialization;

namespace Invoicing.Tests.Vectors;

/// <summary>
/// Golden vectors: files of known answers beside the tests, one JSON array each, that any implementation in any language can be held to.
/// They are worked out once, by hand or by another implementation, and never regenerated from the code under test.
/// </summary>
internal static class GoldenVectors
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads <c>Vectors/&lt;name&gt;.json</c>; a member that the vector's type does not know is an error.</summary>
    public static IReadOnlyList<TVector> Read<TVector>(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Vectors", $"{name}.json");
        List<TVector> vectors = JsonSerializer.Deserialize<List<TVector>>(File.ReadAllBytes(path), Strict)!;
        Assert.NotEmpty(vectors);
        return vectors;
    }
}
