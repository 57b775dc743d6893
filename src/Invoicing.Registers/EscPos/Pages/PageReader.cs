using System.Collections.Immutable;
using System.Text;
using Invoicing.Registers.EscPos.Tokens;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.EscPos.Pages;

/// <summary>Renders a job to lines of text and payloads of symbols. Reads any bytes and never throws.</summary>
internal sealed partial class PageReader
{
    /// <summary>Most lines of a job: 4,096 lines of 3.75 mm are 15 m of paper.</summary>
    internal const int MostLines = 4096;

    private const int MostSymbols = 64;

    private readonly PageOptions _options;
    private readonly LineWriter _lines = new();
    private readonly CodePageDecoder _decoder;
    private readonly StringBuilder _text = new();
    private readonly ImmutableArray<string>.Builder _symbols = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _barcodes = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<byte, string> _stored = [];
    private byte[] _tabs = DefaultTabs;
    private int _images;
    private int _unknown;
    private bool _isTorn;
    private bool _wasReturn;

    private PageReader(PageOptions options)
    {
        _options = options;
        _decoder = new(options.Text);
        Reset();
    }

    /// <summary>A stop every eight columns, as printers have when switched on.</summary>
    private static byte[] DefaultTabs { get; } = [.. Enumerable.Range(1, 20).Select(i => (byte)(i * 8))];

    /// <summary>Renders a job.</summary>
    internal static ReceiptPage Read(ReadOnlySpan<byte> job, PageOptions options)
    {
        PageReader reader = new(options);
        EscPosTokenizer tokenizer = new();
        while (tokenizer.TryRead(ref job, out EscPosToken token))
        {
            reader.Apply(token);
        }

        if (tokenizer.TryFlush(out EscPosToken last))
        {
            reader.Apply(last);
        }

        return reader.Finish();
    }

    /// <summary>The job's text as the printer gets it, run by run, for a person who has to choose a code page.</summary>
    internal static IReadOnlyList<ReadOnlyMemory<byte>> TextRuns(ReadOnlySpan<byte> job)
    {
        List<ReadOnlyMemory<byte>> runs = [];
        EscPosTokenizer tokenizer = new();
        while (tokenizer.TryRead(ref job, out EscPosToken token))
        {
            if (token.Kind == EscPosKind.Text && runs.Count < MostLines)
            {
                runs.Add(token.Bytes.ToArray());
            }
        }

        if (tokenizer.TryFlush(out EscPosToken last) && last.Kind == EscPosKind.Text)
        {
            runs.Add(last.Bytes.ToArray());
        }

        return runs;
    }

    private ReceiptPage Finish()
    {
        _lines.End();
        return new()
        {
            Lines = _lines.Lines,
            Symbols = _symbols.ToImmutable(),
            Barcodes = _barcodes.ToImmutable(),
            Images = _images,
            Unknown = _unknown,
            Undefined = _decoder.UndefinedCount,
            IsTorn = _isTorn,
            IsTooLong = _lines.IsTooLong,
        };
    }

    private void Apply(EscPosToken token)
    {
        bool wasReturn = _wasReturn;
        _wasReturn = false;
        _images += token.IsImage ? 1 : 0;
        switch (token.Kind)
        {
            case EscPosKind.Text:
                Print(token.Bytes);
                break;
            case EscPosKind.Control:
                Control(token.Name, wasReturn);
                break;
            case EscPosKind.Esc:
                Esc(token);
                break;
            case EscPosKind.Gs:
                Gs(token);
                break;
            case EscPosKind.Unknown or EscPosKind.Oversized:
                _unknown++;
                break;
            case EscPosKind.Torn:
                _isTorn = true;
                break;
            default:
                break; // DLE and FS change nothing that can be read
        }
    }

    private void Print(ReadOnlySpan<byte> bytes)
    {
        _decoder.Decode(bytes, _text.Clear());
        for (int i = 0; i < _text.Length; i++)
        {
            if (!char.IsControl(_text[i]))
            {
                _lines.Put(_text[i] == '\u00A0' ? ' ' : _text[i]);
            }
        }
    }

    /// <summary>CR ends the line, as tills that send it alone expect; the LF of a CR LF ends no second one.</summary>
    private void Control(byte name, bool wasReturn)
    {
        switch (name)
        {
            case 0x09:
                _lines.Tab(_tabs);
                break;
            case 0x0A when wasReturn:
                break;
            case 0x0A or 0x0C:
                _lines.End();
                break;
            case 0x0D:
                _lines.End();
                _wasReturn = true;
                break;
            case 0x18:
                _lines.Clear();
                break;
            default:
                break;
        }
    }
}
