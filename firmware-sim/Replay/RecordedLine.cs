using System.Globalization;
using System.Text.Json;

namespace FirmwareSim.Replay;

/// <summary>A recording of what passed between a gateway and a register, as the gateway saw it.</summary>
/// <remarks>
/// JSON lines. The first names the protocol and whether private parts are masked: <c>{"protocol":"datecs-x","masked":true}</c>; each other
/// one is <c>{"t_ms":120,"dir":"in","hex":"0102"}</c>, where <c>in</c> is what the gateway received. A line with the <c>event</c>
/// <c>open</c> begins another connection; other events (gone, end) and other keys are left alone.
/// </remarks>
/// <param name="Protocol">As <c>run --protocol</c> names it.</param>
/// <param name="IsMasked">Whether private parts were masked.</param>
/// <param name="Steps">What passed, in order.</param>
internal sealed record RecordedLine(string Protocol, bool IsMasked, IReadOnlyList<RecordingStep> Steps)
{
    /// <summary>Most lines: a recording is an excerpt, held in memory.</summary>
    public const int MostSteps = 100_000;

    /// <summary>Longest line: 64 KiB of bytes in hexadecimal, and the rest of the object.</summary>
    private const int LongestLine = 132_000;

    /// <summary>Reads a recording.</summary>
    /// <exception cref="IOException">It cannot be read, is none, or is too long; the message names file, line, and what was expected.</exception>
    public static RecordedLine Read(string path)
    {
        RecordedLine? recording = null;
        List<RecordingStep> steps = [];
        int number = 0;
        long? opened = null;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (number > MostSteps + 1 || line.Length > LongestLine)
            {
                throw new IOException($"{path}: expected at most {MostSteps} lines of at most {LongestLine} characters, found more; cut the recording");
            }

            if (line.Length == 0)
            {
                continue;
            }

            JsonElement item = Parse(path, number, line);
            if (recording is null)
            {
                recording = ReadHead(path, item, steps);
            }
            else if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("event", out JsonElement told))
            {
                opened = told.ValueKind == JsonValueKind.String && told.GetString() == "open" ? TimeOf(item) : opened;
            }
            else
            {
                steps.Add(ReadStep(path, number, item, steps.Count > 0 ? steps[^1].Milliseconds : 0) with { OpenedAt = steps.Count == 0 ? null : opened });
                opened = null;
            }
        }

        return recording ?? throw new IOException($"{path}: expected a recording that begins with {{\"protocol\": …}}, found nothing");
    }

    private static JsonElement Parse(string path, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{path}: line {number}: expected a JSON object, found: {e.Message}"), e);
        }
    }

    private static RecordedLine ReadHead(string path, JsonElement item, List<RecordingStep> steps)
    {
        bool isHead = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("protocol", out JsonElement protocol) && protocol.ValueKind == JsonValueKind.String;
        return isHead
            ? new RecordedLine(
                item.GetProperty("protocol").GetString()!, item.TryGetProperty("masked", out JsonElement masked) && masked.ValueKind == JsonValueKind.True, steps)
            : throw new IOException($"{path}: line 1: expected {{\"protocol\": …, \"masked\": …}}, found {item}");
    }

    private static long TimeOf(JsonElement item) =>
        item.TryGetProperty("t_ms", out JsonElement time) && time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out long milliseconds) ? milliseconds : 0;

    private static RecordingStep ReadStep(string path, int number, JsonElement item, long earliest)
    {
        bool isStep = item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty("t_ms", out JsonElement time) && time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out long milliseconds) && milliseconds >= earliest
            && item.TryGetProperty("dir", out JsonElement direction) && direction.ValueKind == JsonValueKind.String && direction.GetString() is "in" or "out"
            && item.TryGetProperty("hex", out JsonElement hex) && hex.ValueKind == JsonValueKind.String && IsHex(hex.GetString()!);
        return isStep
            ? new RecordingStep(item.GetProperty("t_ms").GetInt64(), item.GetProperty("dir").GetString() == "in", Convert.FromHexString(item.GetProperty("hex").GetString()!))
            : throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: line {number}: expected {{\"t_ms\": a number from {earliest} on, \"dir\": \"in\" or \"out\", \"hex\": at least one byte}}, found {item}"));
    }

    private static bool IsHex(string text) => text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
}
