using System.Collections.Frozen;
using System.Text;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>Writes Vietnamese for a register whose code page lacks its letters: composed letters lose their marks.</summary>
internal static class PlainLetters
{
    private static readonly FrozenDictionary<char, char> Plain = Table(
        ("aàáảãạăằắẳẵặâầấẩẫậ", 'a'), ("eèéẻẽẹêềếểễệ", 'e'), ("iìíỉĩị", 'i'), ("oòóỏõọôồốổỗộơờớởỡợ", 'o'), ("uùúủũụưừứửữự", 'u'), ("yỳýỷỹỵ", 'y'), ("đ", 'd'),
        ("AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ", 'A'), ("EÈÉẺẼẸÊỀẾỂỄỆ", 'E'), ("IÌÍỈĨỊ", 'I'), ("OÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ", 'O'), ("UÙÚỦŨỤƯỪỨỬỮỰ", 'U'), ("YỲÝỶỸỴ", 'Y'), ("Đ", 'D'));

    /// <summary>Writes a text in ASCII: other letters become <c>?</c>, marks of their own and control characters go.</summary>
    public static string Of(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (char c in text)
        {
            char letter = Plain.GetValueOrDefault(c, c);
            if (!char.IsControl(letter) && letter is not (>= '\u0300' and <= '\u036F'))
            {
                plain.Append(char.IsAscii(letter) ? letter : '?');
            }
        }

        return plain.ToString();
    }

    private static FrozenDictionary<char, char> Table(params (string Letters, char Plain)[] rows) =>
        rows.SelectMany(row => row.Letters.Select(letter => KeyValuePair.Create(letter, row.Plain))).ToFrozenDictionary();
}
