using System.Text.Encodings.Web;
using System.Text.Json;

namespace FirmwareSim.Commands;

/// <summary>How this program writes JSON: one object a line, snake_case, Vietnamese as it is.</summary>
internal static class JsonLines
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);
}
