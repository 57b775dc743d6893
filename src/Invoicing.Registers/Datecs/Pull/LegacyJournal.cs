using System.Globalization;
using System.Text;
using Invoicing.Hashing;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>
/// Reads documents of a legacy register: 113 says the last number, 119 gives text. Documents are asked for by number; a register that does not
/// know that form is asked by time, and the number that each document prints decides.
/// </summary>
internal sealed class LegacyJournal(IslLink link, string line, DatecsReading reading, JournalPast past) : IJournalSource
{
    /// <summary>Steps that halve the days since the family was made: 2 to the 14th days are 44 years.</summary>
    private const int MaxSteps = 14;

    /// <summary>Most documents that are passed over on the way to one: what a busy day holds.</summary>
    private const int MaxPassed = 20_000;

    private static readonly DateTimeOffset Oldest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private (ulong Number, DateTimeOffset At)? _last;
    private Form _form;

    /// <summary>How the register can be asked for a document.</summary>
    private enum Form
    {
        Unknown,
        Number,
        Time,
    }

    /// <inheritdoc/>
    public async Task<JournalRange?> RangeAsync(CancellationToken cancellationToken)
    {
        IslFrame frame = await link.AskAsync(DatecsCommand.LastDocument, ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        string text = Encoding.ASCII.GetString(frame.Data.Span).Split(',')[0];
        if (DatecsAmount.TryOrdinal(text, out ulong last))
        {
            return new JournalRange(0, last);
        }

        return frame.Status.IsReceiptOpen
            ? null
            : throw new RegisterTroubleException(
                $"{line}: expected the number of the last document from command {DatecsCommand.LastDocument}, found '{DatecsAmount.Shown(text)}'");
    }

    /// <inheritdoc/>
    public Task<JournalAnswer> ReadAsync(ulong number, JournalRange range, CancellationToken cancellationToken) =>
        SureReading.ReadAsync(line, number, past.ReadingsOf(number), () => ReadOnceAsync(number, range, cancellationToken));

    /// <inheritdoc/>
    public async Task<JournalHold?> HoldsAsync(
        ulong number, Sha256Hash hash, JournalDocument? known, JournalRange range, CancellationToken cancellationToken)
    {
        // That it is there needs no second look: damage does not make a document's hash.
        for (int i = 0; i < 2; i++)
        {
            List<TextDocument> found = await ByNumberAsync(number, cancellationToken).ConfigureAwait(false);
            int at = found.FindLastIndex(document => document.Read(reading).Hash == hash);
            if (at >= 0)
            {
                return at == found.Count - 1 ? JournalHold.Latest : JournalHold.UsedAgain;
            }
        }

        return await ReadAsync(number, range, cancellationToken).ConfigureAwait(false) switch
        {
            JournalAnswer.Found found => found.Document.Hash == hash ? JournalHold.Latest : JournalHold.None,
            JournalAnswer.Missing => JournalHold.None,
            _ => null,
        };
    }

    /// <inheritdoc/>
    public Task<JournalAnswer> ReadBehindAsync(ulong number, Sha256Hash hash, CancellationToken cancellationToken) =>
        SureReading.ReadAsync(line, number, [], () => ReadBehindOnceAsync(number, hash, cancellationToken));

    /// <summary>A range of numbers gives documents in the journal's order, over the beginning of a count.</summary>
    private async Task<JournalAnswer> ReadBehindOnceAsync(ulong number, Sha256Hash hash, CancellationToken cancellationToken)
    {
        bool isBehind = false;
        int passed = 0;
        string request = string.Create(CultureInfo.InvariantCulture, $"R#A,{number},{JournalRange.LastNumber}");
        await foreach (TextDocument? document in DocumentsAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (document is null || ++passed > MaxPassed)
            {
                break;
            }

            if (isBehind && reading.Layout.NumberOf(document.Lines) is { } next)
            {
                return Known(document with { Number = next });
            }

            isBehind |= (document with { Number = number }).Read(reading).Hash == hash;
        }

        return new JournalAnswer.Missing("the register's journal holds no document behind the one that was read last");
    }

    private async Task<JournalAnswer> ReadOnceAsync(ulong number, JournalRange range, CancellationToken cancellationToken)
    {
        if (_form != Form.Time)
        {
            // A journal that was numbered from the beginning twice has two of them: the later one is of the current life.
            if (await ByNumberAsync(number, cancellationToken).ConfigureAwait(false) is [.., var last])
            {
                _form = Form.Number;
                return Known(last);
            }

            // A register that gives its newest document by number gives every one so.
            if (_form == Form.Unknown && range.Newest > 0 && range.Newest != number
                && (await ByNumberAsync(range.Newest, cancellationToken).ConfigureAwait(false)).Count > 0)
            {
                _form = Form.Number;
            }

            if (_form == Form.Number)
            {
                return link.Status.IsReceiptOpen && link.Status.IsRefusal
                    ? JournalAnswer.NotNow.Answer
                    : new JournalAnswer.Missing("the register holds no document of this number");
            }
        }

        JournalAnswer answer = await ReadByTimeAsync(number, cancellationToken).ConfigureAwait(false);
        _form = answer is JournalAnswer.Found ? Form.Time : _form;
        return answer;
    }

    private JournalAnswer.Found Known(TextDocument found)
    {
        JournalDocument document = found.Read(reading);
        if (document.At is { } at)
        {
            _last = (found.Number, at);
        }

        return new JournalAnswer.Found(document);
    }

    /// <summary>Asks for documents by number.</summary>
    /// <returns>Those that bear it, in the journal's order; none if the register does not know this form, or takes it for another.</returns>
    private async Task<List<TextDocument>> ByNumberAsync(ulong number, CancellationToken cancellationToken)
    {
        List<TextDocument> found = [];
        string request = string.Create(CultureInfo.InvariantCulture, $"R#A,{number},{number}");
        await foreach (TextDocument? document in DocumentsAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (document is not null && (reading.Layout.NumberOf(document.Lines) ?? number) == number)
            {
                found.Add(document with { Number = number });
            }
        }

        return found;
    }

    /// <summary>
    /// Asks by time: from the last document that was read, or a day found by halving; and, because a clock may have been set back, from the
    /// beginning before a document counts as missing.
    /// </summary>
    private async Task<JournalAnswer> ReadByTimeAsync(ulong number, CancellationToken cancellationToken)
    {
        DateTimeOffset from = _last is { } last && last.Number < number ? last.At : await StartAsync(number, cancellationToken).ConfigureAwait(false);
        JournalAnswer answer = await ReadFromAsync(from, number, cancellationToken).ConfigureAwait(false);
        return answer is JournalAnswer.Missing { Next: 0 } && from > Oldest
            ? await ReadFromAsync(Oldest, number, cancellationToken).ConfigureAwait(false)
            : answer;
    }

    /// <summary>Asks for documents from a time on, and passes over those before the one wanted.</summary>
    private async Task<JournalAnswer> ReadFromAsync(DateTimeOffset from, ulong number, CancellationToken cancellationToken)
    {
        int passed = 0;
        await foreach (TextDocument? document in DocumentsAsync(Request(from), cancellationToken).ConfigureAwait(false))
        {
            if (document is null)
            {
                return link.Status.IsUnknown
                    ? throw new RegisterTroubleException(
                        $"{line}: expected the register to know command {DatecsCommand.JournalText}, found that it does not; this model has no journal that can be read")
                    : JournalAnswer.NotNow.Answer;
            }

            ulong? found = reading.Layout.NumberOf(document.Lines);
            if (found == number)
            {
                return Known(document with { Number = number });
            }

            if (found > number)
            {
                return new JournalAnswer.Missing($"the register's journal holds document {found} next", found.Value);
            }

            if (++passed > MaxPassed)
            {
                throw new RegisterTroubleException(
                    $"{line}: expected document {number} within {MaxPassed} documents of {from:yyyy-MM-dd}, found none; look at the layout's document number");
            }
        }

        return link.Status.IsReceiptOpen
            ? JournalAnswer.NotNow.Answer
            : new JournalAnswer.Missing("the register's journal does not print a document of this number");
    }

    /// <summary>Finds a day whose first document is not behind the one wanted, by halving: a full journal takes an hour to read through.</summary>
    private async Task<DateTimeOffset> StartAsync(ulong number, CancellationToken cancellationToken)
    {
        DateTimeOffset early = Oldest;
        int days = 1 << MaxSteps;
        for (int i = 0; i < MaxSteps; i++)
        {
            days /= 2;
            DateTimeOffset middle = early.AddDays(days);
            ulong? first = null;
            await foreach (TextDocument? document in DocumentsAsync(Request(middle), cancellationToken).ConfigureAwait(false))
            {
                first = document is null ? null : reading.Layout.NumberOf(document.Lines);
                if (first is not null)
                {
                    break;
                }
            }

            early = first is { } there && there <= number ? middle : early;
        }

        return early;
    }

    private string Request(DateTimeOffset from) =>
        $"RA,{DatecsClock.Request(from, reading.Options.UtcOffset)},{DatecsClock.Request(Oldest.AddDays((1 << MaxSteps) + 1), reading.Options.UtcOffset)}";

    /// <summary>Reads documents until the end; <see langword="null"/> and the end if the register does not allow it.</summary>
    private async IAsyncEnumerable<TextDocument?> DocumentsAsync(
        string request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DocumentBytes bytes = new();
        List<string> lines = [];
        string data = request;
        while (true)
        {
            IslFrame frame = await link.AskAsync(DatecsCommand.JournalText, Encoding.ASCII.GetBytes(data), cancellationToken).ConfigureAwait(false);
            string text = reading.Encoding.GetString(frame.Data.Span);
            data = "N";
            if (frame.Status.IsRefusal || text.Length == 0)
            {
                yield return null;
                yield break;
            }

            if (text[0] == 'P')
            {
                lines.Add(text.Length > 2 ? text[2..] : string.Empty);
                bytes.Add(frame.Data.Span);
            }

            bool isTooLong = bytes.IsFull || lines.Count > DatecsReading.MaxLines;
            if (lines.Count > 0 && (text[0] is '*' or 'F' || isTooLong))
            {
                yield return new TextDocument(0, lines, bytes.ToArray());
                (bytes, lines) = (new(), []);
            }

            if (text[0] == 'F')
            {
                yield break;
            }

            if (text[0] is not ('P' or '*'))
            {
                throw new RegisterTroubleException(
                    $"{line}: expected a line (P), a separator (*) or the end (F) from command {DatecsCommand.JournalText}, found '{DatecsAmount.Shown(text)}'");
            }
        }
    }
}
