using System.Security.Cryptography;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Journal;
using Invoicing.NationalXml;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Signatures;
using Invoicing.Sqlite;
using Invoicing.Vietnam;

namespace Invoicing.Edge.National;

/// <summary>Makes messages for the authority of a journal's invoices, one file each, and takes down what it made.</summary>
/// <remarks>
/// A message's bytes are on disk under a name with <c>.part</c> before it is taken down, and get their own name after it. So a crash leaves
/// nothing that was taken down and is not there: the next run gives the name. Invoices are read, signed and written one message at a time.
/// </remarks>
internal sealed class NationalExport(string journalPath, NationalSettings settings, string folder, MessageKey key, TimeProvider time)
{
    private const string Unfinished = ".part";

    /// <summary>Makes messages.</summary>
    /// <param name="from">First position.</param>
    /// <param name="to">Last position.</param>
    /// <param name="again">Whether entries go once more that were sent and are not in order.</param>
    /// <param name="cancellationToken">Ends it between two messages.</param>
    /// <exception cref="InvoicingException">Journal, settings, certificate or disk are not as they should be.</exception>
    public ExportedMessages Run(long from, long to, bool again, CancellationToken cancellationToken)
    {
        using var journal = JournalInvoices.Open(journalPath);
        using var store = SubmissionStore.Open(journalPath, journal.Chain);
        using var randomness = RandomNumberGenerator.Create();
        MessageParties parties = new(
            settings.Sender ?? throw Missing("--sender", "sender"), settings.Receiver ?? throw Missing("--receiver", "receiver"),
            settings.SolutionProvider);
        InvoiceMessages messages = new(journal.Seller, parties, settings.Profiles, key, randomness, time);
        BuyerNotices? notices = settings.Office is { } office
            ? new(journal.Seller, parties, office, settings.Profiles, key, randomness, time)
            : null;
        Directory.CreateDirectory(folder);
        int finished = Finish(store);
        ExportedMessages made = new() { Finished = finished };
        Pick pick = new(store, again, made, notices, this);
        foreach (BatchItem item in messages.Write(pick.From(journal, from, to)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Take(item, store, made);
        }

        return made;
    }

    /// <summary>Gives their names to files whose messages were taken down.</summary>
    private static int Finish(SubmissionStore store)
    {
        int count = 0;
        foreach (Submission submission in store.Submissions())
        {
            if (submission.State == SubmissionState.Made && File.Exists(submission.Path + Unfinished) && !File.Exists(submission.Path))
            {
                File.Move(submission.Path + Unfinished, submission.Path);
                count++;
            }
        }

        return count;
    }

    private void Take(BatchItem item, SubmissionStore store, ExportedMessages made)
    {
        if (item is BatchItem.LeftOut left)
        {
            string text = string.Join("; ", left.Faults);
            store.LeaveOut(left.Part, text);
            made.LeftOut.Add((left.Part, text));
            return;
        }

        Save(((BatchItem.Ready)item).Content, store, made);
    }

    private void Save(SignedMessage message, SubmissionStore store, ExportedMessages made)
    {
        string path = Path.GetFullPath(Path.Combine(folder, $"{message.Id}.xml"));
        try
        {
            using (FileStream file = new(path + Unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(message.Bytes.Span);
                DiskFlush.Flush(file);
            }

            store.Add(message, path, time.GetUtcNow());
            File.Move(path + Unfinished, path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: the message cannot be written: {fault.Message}", innerException: fault);
        }

        made.Messages.Add((message.Id, message.Type, path, message.Parts.Length, message.Bytes.Length));
    }

    private static InvoicingException Missing(string option, string name) =>
        new($"expected option '{option}', or '{name}' in the settings' section 'national', found neither");

    /// <summary>Which entries go, and the notices among them, which are messages of their own.</summary>
    private sealed class Pick(SubmissionStore store, bool again, ExportedMessages made, BuyerNotices? notices, NationalExport export)
    {
        public IEnumerable<NationalInvoice> From(JournalInvoices journal, long from, long to)
        {
            foreach (JournaledInvoice entry in journal.Read(from, to))
            {
                if (store.IsSubmitted(entry.Position) && !(again && store.IsParked(entry.Position)))
                {
                    made.Skipped++;
                }
                else if (entry.Invoice is { } invoice)
                {
                    var code = TaxQrCode.Of(invoice, journal.Seller);
                    yield return new()
                    {
                        Invoice = invoice,
                        RecordedAt = entry.RecordedAt,
                        Position = entry.Position,
                        Buyer = entry.Buyer,
                        Correction = entry.Correction,
                        AmountInWords = AmountInWords.Of(invoice.Total),
                        QrCode = code.Judge().IsEmpty ? code.Write() : null,
                    };
                }
                else
                {
                    Notify(entry);
                }
            }
        }

        private void Notify(JournaledInvoice entry)
        {
            Invoices.CorrectedInvoice corrected = entry.Correction!.Corrected;
            MessagePart part = new(new(corrected.Code, corrected.Series, corrected.Number), entry.Position);
            if (Write(entry, out string fault) is { } message)
            {
                export.Save(message, store, made);
            }
            else
            {
                store.LeaveOut(part, fault);
                made.LeftOut.Add((part, fault));
            }
        }

        private SignedMessage? Write(JournaledInvoice entry, out string fault)
        {
            fault = "expected tax_office_code, tax_office_name and place in the settings' section 'national', found none";
            try
            {
                return notices?.Write(entry.Correction!, entry.Position);
            }
            catch (InvoicingException unfit) when (!unfit.IsTransient)
            {
                // A notice that does not fit is told like an invoice that does not; the rest goes on.
                fault = unfit.Message;
                return null;
            }
        }
    }
}
