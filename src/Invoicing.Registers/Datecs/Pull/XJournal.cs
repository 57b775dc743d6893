using System.Globalization;
using System.Text;
using Invoicing.Hashing;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Reads documents of an X register: 124 says which there are; 125 gives heading, text and rows of each.</summary>
internal sealed class XJournal(IslLink link, string line, string serial, DatecsReading reading, JournalPast past) : IJournalSource
{
    private const string Nothing = "the register holds no document of this number";

    /// <inheritdoc/>
    public async Task<JournalRange?> RangeAsync(CancellationToken cancellationToken)
    {
        XReply reply = await AskAsync(DatecsCommand.FindDocuments, "\t\t0\t", null, cancellationToken).ConfigureAwait(false);
        if (reply.IsNothing)
        {
            return new JournalRange(0, 0);
        }

        if (reply.Error != 0 && link.Status.IsReceiptOpen)
        {
            return null;
        }

        Require(reply, DatecsCommand.FindDocuments);
        return reply.Fields.Length >= 4 && DatecsAmount.TryOrdinal(reply.Fields[2], out ulong first)
            && DatecsAmount.TryOrdinal(reply.Fields[3], out ulong last)
            ? new JournalRange(first <= last ? first : 1, last) // a count that began again: the first is of the life before
            : throw new RegisterTroubleException(
                $"{line}: expected first and last document from command {DatecsCommand.FindDocuments}, found '{DatecsAmount.Shown(string.Join(' ', reply.Fields))}'");
    }

    /// <inheritdoc/>
    public async Task<JournalAnswer> ReadAsync(ulong number, JournalRange range, CancellationToken cancellationToken)
    {
        if (link.Status.IsReceiptOpen && number == range.Newest && await IsOpenAsync(number, cancellationToken).ConfigureAwait(false))
        {
            return JournalAnswer.NotNow.Answer;
        }

        return await SureReading.ReadAsync(line, number, past.ReadingsOf(number), () => ReadOnceAsync(number, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<JournalHold?> HoldsAsync(
        ulong number, Sha256Hash hash, JournalDocument? known, JournalRange range, CancellationToken cancellationToken)
    {
        // Damage does not make the heading of one document that of another: number, time, kind and day in one.
        if (known is not null && await HeadingAsync(number, null, cancellationToken).ConfigureAwait(false) is { Error: 0 } heading
            && string.Join('\t', heading.Fields) == known.Heading)
        {
            return JournalHold.Latest;
        }

        JournalAnswer answer = await ReadAsync(number, range, cancellationToken).ConfigureAwait(false);
        if (answer is JournalAnswer.NotNow)
        {
            return null;
        }

        if (answer is JournalAnswer.Found { Document: var document } && document.Hash == hash)
        {
            return JournalHold.Latest;
        }

        return known?.At is { } closed && await StandsAtAsync(number, closed, cancellationToken).ConfigureAwait(false) ? JournalHold.UsedAgain : JournalHold.None;
    }

    /// <inheritdoc/>
    /// <remarks>125 takes numbers only, and of two documents with one number gives the later.</remarks>
    public Task<JournalAnswer> ReadBehindAsync(ulong number, Sha256Hash hash, CancellationToken cancellationToken) =>
        Task.FromResult<JournalAnswer>(new JournalAnswer.Missing(Nothing));

    private Task<XReply> HeadingAsync(ulong number, DocumentBytes? bytes, CancellationToken cancellationToken) =>
        AskAsync(DatecsCommand.ReadDocument, $"0\t{Text(number)}\t0\t", bytes, cancellationToken);

    /// <summary>Whether a document of this number was closed in this second: its number may have been used again since.</summary>
    private async Task<bool> StandsAtAsync(ulong number, DateTimeOffset at, CancellationToken cancellationToken)
    {
        string second = DatecsClock.Field(at, reading.Options.UtcOffset);
        XReply? found = await SureReading.TwiceAsync<XReply>(
            line,
            $"the documents of {second}",
            async () => await AskAsync(DatecsCommand.FindDocuments, $"{second}\t{second}\t0\t", null, cancellationToken).ConfigureAwait(false),
            static (one, other) => one.Error == other.Error && one.Fields.SequenceEqual(other.Fields)).ConfigureAwait(false);
        return found is { Error: 0, Fields.Length: >= 4 } && DatecsAmount.TryOrdinal(found.Fields[2], out ulong first)
            && DatecsAmount.TryOrdinal(found.Fields[3], out ulong last) && (first == number || last == number);
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the receipt that is open now bears this number. A register that does not say is taken to hold closed ones only.</summary>
    private async Task<bool> IsOpenAsync(ulong number, CancellationToken cancellationToken)
    {
        XReply reply = await AskAsync(DatecsCommand.ReadReceipt, string.Empty, null, cancellationToken).ConfigureAwait(false);
        return reply is { Error: 0, Fields.Length: >= 2 } && reply.Fields[0].Trim() is not "0"
            && DatecsAmount.TryOrdinal(reply.Fields[1], out ulong open) && open == number;
    }

    private async Task<JournalAnswer> ReadOnceAsync(ulong number, CancellationToken cancellationToken)
    {
        DocumentBytes bytes = new();
        XReply heading = await HeadingAsync(number, bytes, cancellationToken).ConfigureAwait(false);
        if (heading.IsNothing)
        {
            return new JournalAnswer.Missing(Nothing);
        }

        if (heading.Error != 0 && link.Status.IsReceiptOpen)
        {
            return JournalAnswer.NotNow.Answer;
        }

        Require(heading, DatecsCommand.ReadDocument);
        if (heading.Fields.Length < 4 || !DatecsAmount.TryOrdinal(heading.Fields[0], out ulong found) || found != number)
        {
            throw new RegisterTroubleException(
                $"{line}: expected the heading of document {number}, found '{DatecsAmount.Shown(string.Join(' ', heading.Fields))}'");
        }

        List<string> lines = [];
        await foreach (XReply next in RepeatAsync("1\t", bytes, cancellationToken).ConfigureAwait(false))
        {
            lines.Add(string.Join('\t', next.Fields));
        }

        List<IReadOnlyList<string>> rows = [];
        if (XDocument.KindOf(heading.Fields[3]) is JournalKind.Sale or JournalKind.Reversal)
        {
            await ReadRowsAsync(number, rows, bytes, cancellationToken).ConfigureAwait(false);
        }

        XDocument document = new(number, heading.Fields[3], heading.Fields[2], rows, lines, bytes.ToArray());
        JournalDocument read = document.Read(reading) with { Heading = string.Join('\t', heading.Fields) };
        return new JournalAnswer.Found(
            bytes.IsFull ? read with { Fault = $"expected a document of at most {DatecsReading.MaxBytes} bytes, found more" } : read);
    }

    private async Task ReadRowsAsync(ulong number, List<IReadOnlyList<string>> rows, DocumentBytes bytes, CancellationToken cancellationToken)
    {
        XReply selected = await AskAsync(DatecsCommand.ReadDocument, $"9\t{Text(number)}\t{Text(number)}\t", null, cancellationToken).ConfigureAwait(false);
        if (selected.IsNothing)
        {
            return; // a receipt without rows: it is read, and held, as one
        }

        Require(selected, DatecsCommand.ReadDocument);
        await foreach (XReply next in RepeatAsync("8\t", bytes, cancellationToken).ConfigureAwait(false))
        {
            IReadOnlyList<string> row = XRow.Read(next.Fields);
            if (row.Count == XRow.Columns && row[XRow.Device].Trim() is { Length: > 0 } device && !string.Equals(device, serial, StringComparison.Ordinal))
            {
                throw new RegisterTroubleException($"{line}: expected rows of register {serial}, found one of {DatecsAmount.Shown(device)}; another register hangs on this line now");
            }

            rows.Add(row);
        }
    }

    /// <summary>Asks for the next line or row until there is none.</summary>
    private async IAsyncEnumerable<XReply> RepeatAsync(
        string data, DocumentBytes bytes, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < DatecsReading.MaxLines && !bytes.IsFull; i++)
        {
            XReply reply = await AskAsync(DatecsCommand.ReadDocument, data, bytes, cancellationToken).ConfigureAwait(false);
            if (reply.IsNothing)
            {
                yield break;
            }

            Require(reply, DatecsCommand.ReadDocument);
            yield return reply;
        }

        bytes.Close();
    }

    private async Task<XReply> AskAsync(int command, string data, DocumentBytes? bytes, CancellationToken cancellationToken)
    {
        IslFrame frame = await link.AskAsync(command, Encoding.ASCII.GetBytes(data), cancellationToken).ConfigureAwait(false);
        var reply = XReply.Read(frame, reading.Encoding, line);
        if (reply.Error == 0)
        {
            bytes?.Add(frame.Data.Span);
        }

        return reply;
    }

    private void Require(XReply reply, int command)
    {
        if (reply.Error != 0)
        {
            throw new RegisterTroubleException(
                $"{line}: expected an answer to command {command}, found error {reply.Error}; the register's manual lists it");
        }
    }
}
