using System.Text;
using Invoicing.Registers.EscPos.Tokens;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.EscPos.Pages;

/// <summary>The commands that move text about. Bold, size upwards, justification and the like leave what is read as it is.</summary>
internal sealed partial class PageReader
{
    private const int DotsPerColumn = 12; // font A; positions in font B are rounded to these

    private void Reset()
    {
        _decoder.Switch(_options.Text);
        _tabs = DefaultTabs;
        _lines.Columns = _options.Columns;
        _lines.Width = 1;
    }

    private void Esc(EscPosToken token)
    {
        ReadOnlySpan<byte> bytes = token.Bytes;
        switch ((char)token.Name)
        {
            case '@': // ESC @: the line so far is thrown away by printers, and what it says is no receipt's
                _lines.Clear();
                Reset();
                break;
            case 't' when _options.ByCommand.TryGetValue(bytes[2], out CodePage? page): // ESC t n
                _decoder.Switch(page);
                break;
            case '!': // ESC ! n: bit 0 font B, bit 5 double width
                _lines.Width = (bytes[2] & 0x20) != 0 ? 2 : 1;
                Font(bytes[2] & 1);
                break;
            case 'M': // ESC M n: 0, '0' font A, else a smaller one
                Font(bytes[2] is 0 or (byte)'0' ? 0 : 1);
                break;
            case 'D': // ESC D n… NUL
                _tabs = bytes[2..^1].ToArray();
                break;
            case '$': // ESC $ nL nH: from the line's beginning, in dots
                _lines.MoveTo((bytes[2] | (bytes[3] << 8)) / DotsPerColumn);
                break;
            case 'd' or 'J' or 'e' or 'K' or '\f' or 'i' or 'm': // feeds, printing of a page, cuts
                _lines.End();
                break;
            default:
                break;
        }
    }

    private void Gs(EscPosToken token)
    {
        ReadOnlySpan<byte> bytes = token.Bytes;
        switch ((char)token.Name)
        {
            case '!': // GS ! n: high half width - 1
                _lines.Width = ((bytes[2] >> 4) & 7) + 1;
                break;
            case 'V':
                _lines.End();
                break;
            case 'k': // GS k m d… NUL | GS k m n d…
                _lines.End();
                Add(_barcodes, bytes[2] <= 6 ? bytes[3..^1] : bytes[4..]);
                break;
            case '(' when bytes[2] == 'k' && bytes.Length > 6: // GS ( k pL pH cn fn …
                Symbol(bytes[5], bytes[6], bytes);
                break;
            default:
                break;
        }
    }

    /// <summary>fn 80 stores a payload, fn 81 prints what is stored: only what is printed was seen by a customer.</summary>
    private void Symbol(byte kind, byte function, ReadOnlySpan<byte> bytes)
    {
        if (function == 80 && bytes.Length > 8)
        {
            _stored[kind] = Encoding.UTF8.GetString(bytes[8..]);
        }
        else if (function == 81 && _stored.TryGetValue(kind, out string? payload))
        {
            _lines.End();
            if (_symbols.Count < MostSymbols)
            {
                _symbols.Add(payload);
            }
        }
    }

    private static void Add(System.Collections.Immutable.ImmutableArray<string>.Builder payloads, ReadOnlySpan<byte> payload)
    {
        if (payloads.Count < MostSymbols)
        {
            payloads.Add(Encoding.Latin1.GetString(payload));
        }
    }

    private void Font(int font) => _lines.Columns = font == 0 ? _options.Columns : _options.SmallColumns;
}
