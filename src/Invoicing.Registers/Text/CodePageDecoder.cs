using System.Text;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Text;

/// <summary>Decodes a stream of bytes in any pieces; what comes out is the same for every way of cutting it.</summary>
/// <remarks>
/// Gives the characters as the code page has them, so a letter may still have its marks behind it: only a whole line can be composed
/// (<see cref="VietnameseText.Compose"/>). Holds at most the three bytes of an unfinished UTF-8 character. Not thread-safe.
/// </remarks>
/// <param name="page">The code page to begin with.</param>
internal sealed class CodePageDecoder(CodePage page)
{
    private readonly Decoder _utf8 = new UTF8Encoding(false, false).GetDecoder();
    private readonly char[] _one = new char[4];

    /// <summary>The code page in force.</summary>
    internal CodePage Page { get; private set; } = page;

    /// <summary>Bytes so far that mean nothing in their code page.</summary>
    internal int UndefinedCount { get; private set; }

    /// <summary>A whole line, composed.</summary>
    internal static string Line(CodePage page, ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        new CodePageDecoder(page).Decode(bytes, text);
        return VietnameseText.Compose(text.ToString());
    }

    /// <summary>Goes on in another code page; an unfinished character is lost, as it is on paper.</summary>
    internal void Switch(CodePage page)
    {
        Page = page;
        _utf8.Reset();
    }

    /// <summary>Decodes bytes and appends what they say.</summary>
    internal void Decode(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        foreach (byte value in bytes)
        {
            if (Page.IsUtf8)
            {
                int count = _utf8.GetChars(new ReadOnlySpan<byte>(in value), _one, flush: false);
                UndefinedCount += _one.AsSpan(0, count).Count(CodePage.Undefined);
                text.Append(_one, 0, count);
            }
            else
            {
                char c = Page[value];
                UndefinedCount += c == CodePage.Undefined ? 1 : 0;
                text.Append(c);
            }
        }
    }
}
