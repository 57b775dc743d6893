using System.Buffers;
using System.Text;

namespace Grpc.Shared;

/// <summary>
/// Status-Message = Percent-Encoded: the text as UTF-8, each byte outside 0x20-0x7E and the percent sign itself as %XX.
/// </summary>
internal static class StatusText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c != '%')]);

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length * 2);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(Convert.ToHexString([b]));
            }
        }

        return encoded.ToString();
    }

    /// <summary>What is not well encoded stays as it is: a text for people is better odd than lost.</summary>
    public static string Decode(string? text) => string.IsNullOrEmpty(text) ? "" : Uri.UnescapeDataString(text);
}
