using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Invoicing.Registers.Text;

/// <summary>What the bytes of a receipt's text stand for: one of the code pages that receipt printers have, chosen per device.</summary>
/// <remarks>
/// Never taken from <c>ESC t</c> alone: the same number selects different tables on different printers, and programs send one table under
/// the number of another. Immutable; safe for any thread. Source: registers.md §2.5; the tables of .NET for all but TCVN, which it lacks.
/// </remarks>
public sealed class CodePage
{
    /// <summary>What a byte without meaning in the code page becomes.</summary>
    internal const char Undefined = '\uFFFD';

    /// <summary>Tone marks as Unicode writes them behind a letter: grave, acute, tilde, hook above, dot below.</summary>
    internal const string ToneMarks = "\u0300\u0301\u0303\u0309\u0323";

    private static readonly (string Name, int Number)[] Numbered =
    [
        ("cp1258", 1258), ("cp1252", 1252), ("cp437", 437), ("cp850", 850), ("cp852", 852), ("cp858", 858), ("cp866", 866),
        ("cp1250", 1250), ("cp1251", 1251),
    ];

    private readonly char[] _table;
    private readonly FrozenDictionary<char, byte> _bytes;

    private CodePage(string name, char[] table)
    {
        Name = name;
        _table = table;
        Dictionary<char, byte> bytes = [];
        for (int i = table.Length - 1; i >= 0; i--)
        {
            if (table[i] != Undefined)
            {
                bytes[table[i]] = (byte)i;
            }
        }

        _bytes = bytes.ToFrozenDictionary();
    }

    /// <summary>All that can be chosen, Vietnamese ones first.</summary>
    public static ImmutableArray<CodePage> All { get; } =
    [
        new("utf-8", []), new("tcvn3-1", TcvnTables.Lower()), new("tcvn3-2", TcvnTables.Capitals()), new("tcvn5712-1", TcvnTables.Both()),
        .. Numbered.Select(page => new CodePage(page.Name, Read(page.Number))),
    ];

    /// <summary>Name in configuration: <c>utf-8</c>, <c>tcvn3-1</c>, <c>cp1258</c>.</summary>
    public string Name { get; }

    /// <summary>Whether a character may take several bytes.</summary>
    public bool IsUtf8 => _table.Length == 0;

    /// <summary>Finds a code page by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static CodePage Named(string name) => Find(name)
        ?? throw new ArgumentException($"expected one of the code pages {string.Join(", ", All.Select(page => page.Name))}, found '{name}'", nameof(name));

    /// <summary>Finds a code page by its name; <see langword="null"/> if there is none.</summary>
    public static CodePage? Find(string name) => All.FirstOrDefault(page => string.Equals(page.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>What one byte stands for; not for UTF-8.</summary>
    internal char this[byte value] => _table[value];

    /// <summary>Whether a character has a byte of its own here, and which.</summary>
    internal bool TryEncode(char c, out byte value)
    {
        if (IsUtf8)
        {
            value = (byte)c;
            return c < 0x80;
        }

        return _bytes.TryGetValue(c, out value);
    }

    private static char[] Read(int number)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(
            number, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(Undefined.ToString()))
            ?? throw new InvalidOperationException($"expected code page {number} in the shared framework, found none");
        char[] table = new char[256];
        byte[] one = new byte[1];
        for (int i = 0; i < table.Length; i++)
        {
            one[0] = (byte)i;
            string text = encoding.GetString(one);
            table[i] = i < 0x80 ? (char)i : text.Length == 1 && !char.IsControl(text[0]) ? text[0] : Undefined;
        }

        return table;
    }
}
