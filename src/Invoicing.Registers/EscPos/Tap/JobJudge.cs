using System.Text;
using Invoicing.Hashing;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Says what a kept job is, and makes the record of it. Knows nothing but the job's bytes and the settings, so it says the same again.</summary>
internal sealed class JobJudge
{
    private const int LongestKey = 100; // of a book's receipt key
    private const int LongestRecord = 64 * 1024; // of RegisterRecord.Bytes

    private readonly TapOptions _options;
    private readonly ReceiptReader? _reader;

    /// <summary>Makes the template ready.</summary>
    /// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used.</exception>
    internal JobJudge(TapOptions options)
    {
        _options = options;
        _reader = options.Template is null ? null : new(options.Template);
    }

    /// <summary>Judges a job.</summary>
    /// <remarks>
    /// What should have been readable and was not takes a record, too: a hole in the chain says that there was a print, and why it is no
    /// invoice. A torn print never takes the receipt's key, because the till prints the same receipt again.
    /// </remarks>
    internal CaptureJudgement Judge(ReadOnlyMemory<byte> job, bool isWhole)
    {
        ReceiptReading reading = Read(job, isWhole);
        bool hasKey = reading.Class is CaptureClass.Sale or CaptureClass.TotalsDiffer && reading.Key is { Length: <= LongestKey };
        return new(
            reading.Class, reading.Text, hasKey ? reading.Key : null, reading.Class == CaptureClass.Sale || UnreadableAlarm.IsUnreadable(reading.Class));
    }

    /// <summary>The record of a job that took a place in the line of records.</summary>
    internal RegisterRecord Record(SaleKey key, KeptCapture capture)
    {
        ReceiptReading reading = Read(capture.Bytes, capture.IsWhole);
        ReadOnlyMemory<byte> bytes = capture.Bytes.Length <= LongestRecord ? capture.Bytes : Text(capture.Bytes);
        var hash = Sha256Hash.Of(bytes.Span);
        bool isSale = capture.Class == CaptureClass.Sale && reading.Class == CaptureClass.Sale;
        return new()
        {
            Key = key,
            Kind = RecordKind.Sale,
            Hash = hash,
            Bytes = bytes,
            Sale = isSale ? reading.ToSale(key, hash) : null,
            Unreadable = isSale ? null
                : capture.Class == CaptureClass.Sale ? $"print {capture.Number} was read as a sale once, and is not any more: {reading.Text}"
                : $"print {capture.Number}, {capture.Class}: {capture.Text}",
        };
    }

    /// <summary>Reads a job.</summary>
    internal ReceiptReading Read(ReadOnlyMemory<byte> job, bool isWhole)
    {
        if (job.Length >= JobAssembler.MaxJob)
        {
            return new(CaptureClass.Untrusted, $"expected a job of less than {JobAssembler.MaxJob} bytes, found more: no receipt is as long");
        }

        ReceiptPage page = PageReader.Read(job.Span, _options.Page);
        if (!isWhole || page.IsTorn)
        {
            return new(CaptureClass.Torn, "expected the job to end with a cut, found its end missing; print the receipt again");
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

    /// <summary>A job that is too long for a record, mostly for its pictures, is recorded by what it says.</summary>
    private ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> job)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', PageReader.Read(job.Span, _options.Page).Lines));
        return text.AsMemory(0, Math.Min(text.Length, LongestRecord));
    }
}
