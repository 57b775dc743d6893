using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Responses;

namespace Invoicing.Edge.National;

/// <summary>Takes the authority's responses down and says what is new by them.</summary>
internal static class ResponseImport
{
    /// <summary>Imports a response.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="bytes">The response's bytes.</param>
    /// <param name="time">For the time of importing.</param>
    /// <exception cref="InvoicingException">No response, or about a message that was not made here; nothing is changed then.</exception>
    public static ImportedResponse Run(string journalPath, ReadOnlyMemory<byte> bytes, TimeProvider time)
    {
        NationalResponse response = ResponseReader.Read(bytes);
        ChainId chain;
        using (var journal = JournalInvoices.Open(journalPath))
        {
            chain = journal.Chain;
        }

        if (!File.Exists(SubmissionStore.PathOf(journalPath)))
        {
            throw Unknown(response);
        }

        using var store = SubmissionStore.Open(journalPath, chain);
        Submission submission = store.Find(response.About) ?? throw Unknown(response);
        (bool sameBytes, bool sameId) = store.Knows(bytes, response.Id);
        if (sameBytes)
        {
            return new(response, submission.MessageId, IsNew: false, []);
        }

        if (sameId)
        {
            throw new InvoicingException(
                $"expected response {response.Id} as it was imported before, found other bytes under its id; nothing was changed, ask who sent them");
        }

        RequireType(response, submission);
        ImmutableArray<StoredAnswer> answers = Answers(response, submission, store);
        store.Add(submission, response.Id, response.Type, bytes, Next(response, submission.State), answers, time.GetUtcNow());
        return new(response, submission.MessageId, IsNew: true, answers);
    }

    private static InvoicingException Unknown(NationalResponse response) => new(
        $"expected a response to a message that was made of this journal, found one to '{response.About}'; nothing was changed, "
        + "see whether it belongs to another shop");

    private static void RequireType(NationalResponse response, Submission submission)
    {
        bool isOfInvoices = submission.Type == "206";
        if ((response is NationalResponse.Checked && !isOfInvoices) || (response is NationalResponse.NoticeAnswered && isOfInvoices))
        {
            throw new InvoicingException(
                $"expected a response {(isOfInvoices ? "999 or 204" : "999 or 301")} to message {submission.MessageId} of type {submission.Type}, "
                + $"found a {response.Type}; nothing was changed");
        }
    }

    private static SubmissionState Next(NationalResponse response, SubmissionState state) => (response, state) switch
    {
        (NationalResponse.Receipt, SubmissionState.Checked) => SubmissionState.Checked,
        (NationalResponse.Receipt { IsTaken: true }, _) => SubmissionState.Taken,
        (NationalResponse.Receipt, _) => SubmissionState.Refused,
        _ => SubmissionState.Checked,
    };

    /// <summary>Answers that say something new; one that repeats the newest about an entry is none.</summary>
    private static ImmutableArray<StoredAnswer> Answers(NationalResponse response, Submission submission, SubmissionStore store)
    {
        if (response is NationalResponse.Receipt && submission.State == SubmissionState.Checked)
        {
            return []; // about a second sending of what was checked: the check stands
        }

        long number = store.LastAnswer;
        ImmutableArray<StoredAnswer>.Builder answers = ImmutableArray.CreateBuilder<StoredAnswer>();
        ImmutableArray<InvoiceAnswer> said = ResponseJudgement.Of(response, [.. submission.Parts.Select(part => part.Invoice)]);
        for (int i = 0; i < said.Length; i++)
        {
            MessagePart part = submission.Parts[i];
            StoredAnswer? before = store.NewestAnswer(part.Position);
            if (before is null || (before.Outcome, before.Rule, before.Text, before.Advice) != (said[i].Outcome, said[i].Rule, said[i].Text, said[i].Advice))
            {
                answers.Add(new(
                    ++number, part.Position, submission.MessageId, SubmissionStore.NameOf(part.Invoice), said[i].Outcome, said[i].Rule,
                    said[i].Text, said[i].Advice, before?.Number));
            }
        }

        return answers.ToImmutable();
    }
}
