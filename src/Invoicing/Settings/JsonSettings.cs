using System.Globalization;
using System.Text.Json;

namespace Invoicing.Settings;

/// <summary>Reads one object of a JSON configuration, key by key, and refuses keys that nobody asked for.</summary>
/// <remarks>
/// By hand instead of by binding: an error names the key, what was expected and what was found, a misspelt key is one, and the programs
/// can be published trimmed. Comments and trailing commas are allowed. Call <see cref="Done"/> last.
/// </remarks>
public sealed class JsonSettings
{
    private readonly string _source;
    private readonly string _path;
    private readonly JsonElement _object;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private JsonSettings(string source, string path, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new SettingsException(source, path.Length == 0 ? "(whole file)" : path, "an object { … }", Describe(element));
        }

        _source = source;
        _path = path;
        _object = element;
    }

    /// <summary>Reads a whole configuration.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="source">Name of the file, for errors.</param>
    /// <exception cref="SettingsException">Not JSON, or not an object.</exception>
    public static JsonSettings Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new(source, string.Empty, document.RootElement.Clone());
        }
        catch (JsonException fault)
        {
            throw new SettingsException(source, "(whole file)", "JSON", $"other text: {fault.Message}");
        }
    }

    /// <summary>A text that must be there and not be empty.</summary>
    public string Text(string key) =>
        OptionalText(key) ?? throw Fault(key, "a text", "nothing");

    /// <summary>A text, or <see langword="null"/> if the key is not there.</summary>
    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when value.GetString() is { Length: > 0 } text => text,
        { } other => throw Fault(key, "a text", Describe(other)),
    };

    /// <summary>A whole number within bounds.</summary>
    public long Number(string key, long least, long most, long byDefault) => Find(key) switch
    {
        null => byDefault,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out long number) && number >= least && number <= most => number,
        { } other => throw Fault(key, $"a whole number from {least} to {most}", Describe(other)),
    };

    /// <summary>A decimal number, as a JSON number or as text with a point; exact, never by way of binary fractions.</summary>
    /// <returns><see langword="null"/> if the key is not there.</returns>
    public decimal? OptionalDecimal(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out decimal number) => number,
        { ValueKind: JsonValueKind.String } value when decimal.TryParse(
            value.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) => number,
        { } other => throw Fault(key, "a decimal number", Describe(other)),
    };

    /// <summary>An object, or <see langword="null"/> if the key is not there.</summary>
    public JsonSettings? OptionalObject(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Find(key) is { } value ? new(_source, At(key), value) : null;
    }

    /// <summary>Yes or no.</summary>
    public bool Flag(string key, bool byDefault) => Find(key) switch
    {
        null => byDefault,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Fault(key, "true or false", Describe(other)),
    };

    /// <summary>A date that must be there: <c>"2026-12-31"</c>.</summary>
    public DateOnly Date(string key) => OptionalDate(key) ?? throw Fault(key, "a date such as 2026-12-31", "nothing");

    /// <summary>A date, or <see langword="null"/> if the key is not there.</summary>
    public DateOnly? OptionalDate(string key) => OptionalText(key) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date
        : throw Fault(key, "a date such as 2026-12-31", $"'{text}'");

    /// <summary>An instant that must be there, with its offset from UTC: <c>"2026-12-31T22:00:00+07:00"</c>.</summary>
    public DateTimeOffset Instant(string key)
    {
        string text = Text(key);
        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? instant
            : throw Fault(key, "an instant with its offset such as 2026-12-31T22:00:00+07:00", $"'{text}'");
    }

    /// <summary>A span of time within bounds: <c>"90m"</c>, in seconds (s), minutes (m), hours (h) or days (d).</summary>
    public TimeSpan Duration(string key, TimeSpan least, TimeSpan most, TimeSpan byDefault)
    {
        if (OptionalText(key) is not { } text)
        {
            return byDefault;
        }

        long unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        (long first, long last) = (least.Ticks / TimeSpan.TicksPerSecond, most.Ticks / TimeSpan.TicksPerSecond);
        return unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count * unit >= first && count * unit <= last
            ? new TimeSpan(count * unit * TimeSpan.TicksPerSecond)
            : throw Fault(key, string.Create(CultureInfo.InvariantCulture, $"a time such as 90m (s, m, h or d) from {first}s to {last}s"), $"'{text}'");
    }

    /// <summary>A list of objects; empty if the key is not there.</summary>
    public IReadOnlyList<JsonSettings> Objects(string key)
    {
        if (Find(key) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select((element, i) => new JsonSettings(_source, $"{At(key)}[{i}]", element))]
            : throw Fault(key, "a list [ … ]", Describe(list));
    }

    /// <summary>Names of all keys of the object, for one whose keys are data.</summary>
    public IReadOnlyList<string> Keys => [.. _object.EnumerateObject().Select(property => property.Name)];

    /// <summary>A list of whole numbers within bounds; empty if the key is not there.</summary>
    public IReadOnlyList<long> Numbers(string key, long least, long most)
    {
        if (Find(key) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.Number
                && element.TryGetInt64(out long number) && number >= least && number <= most
                ? number
                : throw Fault(key, string.Create(CultureInfo.InvariantCulture, $"whole numbers from {least} to {most}"), Describe(element)))]
            : throw Fault(key, "a list [ … ]", Describe(list));
    }

    /// <summary>A list of texts, none of them empty; empty if the key is not there.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text
                ? text
                : throw Fault(key, "texts", Describe(element)))]
            : throw Fault(key, "a list [ … ]", Describe(list));
    }

    /// <summary>Refuses what was not asked for.</summary>
    /// <exception cref="SettingsException">A key that this configuration does not have, most likely misspelt.</exception>
    public void Done()
    {
        foreach (JsonProperty property in _object.EnumerateObject())
        {
            if (!_asked.Contains(property.Name))
            {
                throw Fault(property.Name, $"one of the keys {string.Join(", ", _asked)}", "a key that is not known");
            }
        }
    }

    /// <summary>An error about a key of this object.</summary>
    public SettingsException Fault(string key, string expected, string found) => new(_source, At(key), expected, found);

    private static string Describe(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    private string At(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private JsonElement? Find(string key)
    {
        _asked.Add(key);
        return _object.TryGetProperty(key, out JsonElement value) ? value : null;
    }
}
