using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Says what a kept job is, and makes the record of it. Knows nothing but the job's bytes and the settings, so it says the same again.</summary>
internal sealed class JobJudge
{
    private readonly TapOptions _options;
    private readonly ReceiptReader? _reader;

    /// <summary>Makes the template ready.</summary>
    /// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used.</exception>
    internal JobJudge(TapOptions options)
    {
        _options = options;
        _reader = options.Template is null ? null : new(options.Template);
    }

    /// <summary>Reads a kept job.</summary>
    internal CaptureReading Read(KeptCapture piece)
    {
        ReceiptReading reading = Preview(piece.Bytes, piece.IsWhole).Reading;
        return new(reading.Judgement(CaptureAlarm.IsBad(reading.Class)), key => reading.ToRecord(key, piece, RecordBytes(piece.Bytes)))
        {
            Number = _options.Template is { NumbersInSequence: true } && reading.Number is { } number ? new(number, reading.Scope) : null,
        };
    }

    /// <summary>Reads a job.</summary>
    internal ReceiptPreview Preview(ReadOnlyMemory<byte> job, bool isWhole)
    {
        if (job.Length >= JobAssembler.MaxJob)
        {
            return new([], new(CaptureClass.Untrusted, $"expected a job of less than {JobAssembler.MaxJob} bytes, found more: no receipt is as long"));
        }

        ReceiptPage page = PageReader.Read(job.Span, _options.Page);
        return new(page.Lines, Read(page, isWhole));
    }

    private ReceiptReading Read(ReceiptPage page, bool isWhole)
    {
        if (!isWhole || page.IsTorn)
        {
            const string Torn = "expected the job to end with a cut, found its end missing; print the receipt again";
            return _reader?.ReadTorn(page.Lines, Torn) ?? new(CaptureClass.Torn, Torn);
        }

        if (page.Unknown > 0 || page.IsTooLong)
        {
            return new(CaptureClass.Untrusted, page.Unknown > 0
                ? $"expected known commands only, found {page.Unknown} unknown ones; the printer's model or the wiring differs from what is configured"
                : $"expected at most {PageReader.MostLines} lines, found more");
        }

        if (page.IsImageOnly)
        {
            return new(CaptureClass.ImageOnly, $"expected text, found {page.Images} pictures and none; switch the till's printing from graphics to text");
        }

        return _reader?.Read(page.Lines)
            ?? new(CaptureClass.NotRead, "expected a template for this till, found none; make one with 'template' from what is captured");
    }

    /// <summary>
    /// A job that is too long for a record, mostly for its pictures, is recorded by the bytes of its text: they depend on the job only, and not
    /// on a setting that may change.
    /// </summary>
    private static ReadOnlyMemory<byte> RecordBytes(ReadOnlyMemory<byte> job)
    {
        if (job.Length <= ReceiptReading.LongestRecord)
        {
            return job;
        }

        List<byte> text = [];
        foreach (ReadOnlyMemory<byte> run in PageReader.TextRuns(job.Span))
        {
            text.AddRange(run.Span);
            text.Add((byte)'\n');
        }

        return text.Count == 0 ? job : text.ToArray();
    }
}
