using System.Collections.Frozen;
using System.Text;

namespace FirmwareSim.Tills;

/// <summary>Vietnamese letters taken apart: base letter with its circumflex, breve or horn, and tone mark.</summary>
/// <remarks>A table of its own, because the runtime's normalisation does nothing where globalization is invariant.</remarks>
internal static class Vietnamese
{
    /// <summary>Tone marks in the order of the table: none, grave, hook, tilde, acute, dot below.</summary>
    public const string Tones = "\0\u0300\u0309\u0303\u0301\u0323";

    private const string Vowels =
        "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ "
        + "AÀẢÃÁẠ ĂẰẲẴẮẶ ÂẦẨẪẤẬ EÈẺẼÉẸ ÊỀỂỄẾỆ IÌỈĨÍỊ OÒỎÕÓỌ ÔỒỔỖỐỘ ƠỜỞỠỚỢ UÙỦŨÚỤ ƯỪỬỮỨỰ YỲỶỸÝỴ";

    private const string Marked = "ăâêôơưđĂÂÊÔƠƯĐ";
    private const string Bare = "aaeooudAAEOOUD";

    private static readonly FrozenDictionary<char, (char Letter, char Tone)> Parts = Vowels.Split(' ')
        .SelectMany(row => row.Select((letter, tone) => (letter, parts: (row[0], Tones[tone]))))
        .ToFrozenDictionary(item => item.letter, item => item.parts);

    /// <summary>The letter without its tone, and the tone mark; U+0000 if it has none.</summary>
    public static (char Letter, char Tone) TakeApart(char letter) => Parts.TryGetValue(letter, out (char, char) parts) ? parts : (letter, '\0');

    /// <summary>The text as ASCII: no accents; what is no Vietnamese letter and no ASCII becomes <c>?</c>.</summary>
    public static string Plain(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (char c in text)
        {
            char letter = TakeApart(c).Letter;
            int marked = Marked.IndexOf(letter, StringComparison.Ordinal);
            char bare = marked >= 0 ? Bare[marked] : letter;
            plain.Append(bare is >= ' ' and <= '~' ? bare : '?');
        }

        return plain.ToString();
    }
}
