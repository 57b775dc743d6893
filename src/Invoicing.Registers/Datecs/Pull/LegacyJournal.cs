using System.Globalization;
using System.Text;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>
/// Reads documents of a legacy register: 113 says the last number, 119 gives text. Documents are asked for by number; a register that does not
/// know that form is asked by time, and the number that each document prints decides.
/// </summary>
internal sealed class LegacyJournal(IslLink link, string line, DatecsReading reading) : IJournalSource
{
    /// <summary>Steps that halve the days since the family was made: 2 to the 14th days are 44 years.</summary>
    private const int MaxSteps = 14;

    /// <summary>Most documents that are passed over on the way to one: what a busy day holds.</summary>
    private const int MaxPassed = 20_000;

    private static readonly DateTimeOffset Oldest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private (ulong Number, DateTimeOffset At)? _last;
    private bool _isByTime;

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
        SureReading.ReadAsync(link, line, number, () => ReadOnceAsync(number, cancellationToken));

    private async Task<JournalAnswer> ReadOnceAsync(ulong number, CancellationToken cancellationToken)
    {
        if (!_isByTime && await ReadByNumberAsync(number, cancellationToken).ConfigureAwait(false) is { } found)
        {
            return Known(found);
        }

        JournalAnswer answer = await ReadByTimeAsync(number, cancellationToken).ConfigureAwait(false);
        _isByTime |= answer is JournalAnswer.Found;
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

    /// <summary>Asks for one document by its number.</summary>
    /// <returns>It; <see langword="null"/> if the register does not know this form, or has another one or none for it.</returns>
    private async Task<TextDocument?> ReadByNumberAsync(ulong number, CancellationToken cancellationToken)
    {
        // A journal that was numbered from the beginning twice has two of them: the later one is of the current life.
        TextDocument? last = null;
        string request = string.Create(CultureInfo.InvariantCulture, $"R#A,{number},{number}");
        await foreach (TextDocument? document in DocumentsAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (document is not null && (reading.Layout.NumberOf(document.Lines) ?? number) == number)
            {
                last = document with { Number = number };
            }
        }

        return last;
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
