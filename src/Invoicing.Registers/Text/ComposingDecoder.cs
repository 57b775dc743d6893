using System.Text;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Text;

/// <summary>Decodes a stream of bytes in any pieces into composed text: a letter is kept back until it is known that no mark follows it.</summary>
/// <remarks>Keeps back one letter and its marks, of which there are at most <see cref="MostMarks"/>. Not thread-safe.</remarks>
/// <param name="page">The code page to begin with.</param>
internal sealed class ComposingDecoder(CodePage page)
{
    /// <summary>Marks behind a letter before it is let go as it is: Vietnamese has two, and a stream of nothing but marks must not pile up.</summary>
    internal const int MostMarks = 8;

    private readonly CodePageDecoder _decoder = new(page);
    private readonly StringBuilder _decoded = new();
    private readonly StringBuilder _kept = new();

    /// <summary>Decodes bytes and appends the text that is complete.</summary>
    internal void Decode(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        _decoder.Decode(bytes, _decoded.Clear());
        for (int i = 0; i < _decoded.Length; i++)
        {
            if (!IsMark(_decoded[i]) || _kept.Length > MostMarks)
            {
                Flush(text);
            }

            _kept.Append(_decoded[i]);
        }
    }

    /// <summary>Appends what was kept back: nothing follows.</summary>
    internal void Flush(StringBuilder text)
    {
        text.Append(VietnameseText.Compose(_kept.ToString()));
        _kept.Clear();
    }

    /// <summary>Whether a character is a combining mark, which takes no column of its own on paper.</summary>
    internal static bool IsMark(char c) => c is >= '\u0300' and <= '\u036F';
}
