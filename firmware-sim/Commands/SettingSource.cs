using System.Text.Json;

namespace FirmwareSim.Commands;

/// <summary>Settings from the command line and, behind it, a configuration file: the same names, the same checks, the same errors.</summary>
/// <remarks>The file is one JSON object with the options' names without dashes in front, such as <c>{"serial": "SIM-0001", "sales": 100}</c>.</remarks>
internal sealed class SettingSource
{
    private readonly Dictionary<string, string> _file = new(StringComparer.Ordinal);
    private readonly Func<string, string?> _commandLine;
    private readonly string? _path;

    /// <summary>Reads the file, if there is one.</summary>
    /// <exception cref="SettingException">The file cannot be read, is no JSON object, or has a key that does not exist.</exception>
    public SettingSource(Func<string, string?> commandLine, string? path, IReadOnlyCollection<string> keys)
    {
        _commandLine = commandLine;
        _path = path;
        if (path is not null)
        {
            ReadFile(path, keys);
        }
    }

    public delegate bool Parser<T>(string text, out T value);

    /// <summary>The setting, or its default if it is given nowhere.</summary>
    public T Read<T>(string key, string expected, Parser<T> parse, T otherwise) =>
        Find(key) is (string text, string where) ? Parse(text, where, expected, parse) : otherwise;

    /// <summary>The setting, which has to be given.</summary>
    public T Require<T>(string key, string expected, Parser<T> parse) =>
        Find(key) is (string text, string where)
            ? Parse(text, where, expected, parse)
            : throw new SettingException(
                _path is null ? $"--{key}: expected {expected}, found nothing" : $"{_path}: key \"{key}\": expected {expected}, found nothing");

    /// <summary>Where a setting is given, as an error names it; null if it is given nowhere.</summary>
    public string? WhereGiven(string key) => Find(key)?.Where;

    private static T Parse<T>(string text, string where, string expected, Parser<T> parse) =>
        parse(text, out T value) ? value : throw new SettingException($"{where}: expected {expected}, found \"{text}\"");

    private (string Text, string Where)? Find(string key)
    {
        if (_commandLine(key) is string text)
        {
            return (text, "--" + key);
        }

        return _file.TryGetValue(key, out string? value) ? (value, $"{_path}: key \"{key}\"") : null;
    }

    private void ReadFile(string path, IReadOnlyCollection<string> keys)
    {
        try
        {
            JsonDocumentOptions options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new SettingException($"{path}: expected a JSON object, found {document.RootElement.ValueKind}");
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!keys.Contains(property.Name, StringComparer.Ordinal))
                {
                    throw new SettingException($"{path}: expected one of the keys {string.Join(", ", keys)}, found \"{property.Name}\"");
                }

                _file[property.Name] = property.Value.ToString();
            }
        }
        catch (JsonException e)
        {
            throw new SettingException($"{path}: expected JSON, found: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"--config: expected a file that can be read, found: {e.Message}");
        }
    }
}
