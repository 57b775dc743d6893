using System.Text.Json;
using System.Text.Json.Serialization;
using Invoicing.Testing;

namespace Invoicing.Tests;

/// <summary>
/// Tables of known answers under <c>tests/vectors</c>, one JSON array each, that any implementation in any language can be held to. They are
/// worked out once, by hand or by another implementation, and never made from the code under test.
/// </summary>
internal static class GoldenVectors
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads a table; a member that the vector's type does not know, or that is missing, is an error.</summary>
    public static IReadOnlyList<TVector> Read<TVector>(string folder, string file)
    {
        string path = RepositoryFolder.File("tests", "vectors", folder, file);
        List<TVector> vectors = JsonSerializer.Deserialize<List<TVector>>(File.ReadAllBytes(path), Strict)!;
        Assert.NotEmpty(vectors);
        return vectors;
    }
}
