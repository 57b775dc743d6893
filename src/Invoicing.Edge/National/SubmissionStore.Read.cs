using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.NationalXml.Messages;
using Invoicing.Sqlite;

namespace Invoicing.Edge.National;

/// <content>What stands in the file.</content>
internal sealed partial class SubmissionStore
{
    private const string Newest = "answer a WHERE number = (SELECT max(number) FROM answer WHERE position = a.position)";

    /// <summary>The chain whose entries these are.</summary>
    public string Chain
    {
        get
        {
            using SqliteStatement chain = _file.Statement("SELECT name FROM chain");
            return chain.Step() ? chain.Text(0) : string.Empty;
        }
    }

    /// <summary>Number of the last answer.</summary>
    public long LastAnswer => _file.Scalar("SELECT coalesce(max(number), 0) FROM answer");

    /// <summary>Entries whose newest answer is that they are in order.</summary>
    public long Accepted => _file.Scalar($"SELECT count(*) FROM {Newest} AND outcome = 1");

    /// <summary>Entries that were sent, or made to be sent, and of which nothing was said.</summary>
    public long Waiting => _file.Scalar(
        "SELECT count(DISTINCT position) FROM submitted s WHERE NOT EXISTS(SELECT 1 FROM answer WHERE position = s.position)");

    /// <summary>Whether an entry is in a message that was made.</summary>
    public bool IsSubmitted(long position) => Any("SELECT 1 FROM submitted WHERE position = ? LIMIT 1", position);

    /// <summary>Whether an entry's newest answer is that it is not in order, or not judged.</summary>
    public bool IsParked(long position) => NewestAnswer(position) is { } answer && answer.Outcome != VerdictOutcomeKind.Accepted;

    /// <summary>A message by its id.</summary>
    public Submission? Find(string messageId) => Submissions("WHERE message = ?", messageId).FirstOrDefault();

    /// <summary>All messages, in the order in which they were made.</summary>
    public IReadOnlyList<Submission> Submissions() => Submissions("ORDER BY id", null);

    /// <summary>Whether a response's bytes, or other bytes under its id, were taken down before.</summary>
    public (bool SameBytes, bool SameId) Knows(ReadOnlyMemory<byte> bytes, string responseId)
    {
        using SqliteStatement same = _file.Statement("SELECT 1 FROM response WHERE hash = ?");
        using SqliteStatement named = _file.Statement("SELECT 1 FROM response WHERE message = ?");
        return (same.Bind(0, Sha256Hash.Of(bytes.Span).ToArray()).Step(), named.Bind(0, responseId).Step());
    }

    /// <summary>The newest answer about an entry.</summary>
    public StoredAnswer? NewestAnswer(long position) => Answers("WHERE a.position = ? ORDER BY a.number DESC LIMIT 1", position).FirstOrDefault();

    /// <summary>Entries that are not in order, or not judged, and why.</summary>
    public IReadOnlyList<StoredAnswer> Parked() => Answers(
        "WHERE a.outcome <> 1 AND a.number = (SELECT max(number) FROM answer WHERE position = a.position) ORDER BY a.position", null);

    /// <summary>Entries that do not fit the law's file, and why.</summary>
    public IReadOnlyList<(long Position, string Invoice, string Text)> LeftOut()
    {
        var rows = new List<(long, string, string)>();
        using SqliteStatement select = _file.Statement("SELECT position, invoice, text FROM left_out ORDER BY position");
        while (select.Step())
        {
            rows.Add((select.Number(0), select.Text(1), select.Text(2)));
        }

        return rows;
    }

    private List<Submission> Submissions(string condition, string? parameter)
    {
        var rows = new List<Submission>();
#pragma warning disable CA2100 // The conditions are constants of this file.
        using SqliteStatement select = _file.Statement($"SELECT id, message, type, version, made_at, hash, path, state FROM submission {condition}");
#pragma warning restore CA2100
        if (parameter is not null)
        {
            select.Bind(0, parameter);
        }

        while (select.Step())
        {
            rows.Add(new(
                select.Number(0), select.Text(1), select.Text(2), select.Text(3), DateTimeOffset.FromUnixTimeMilliseconds(select.Number(4)),
                new(select.Blob(5)), select.Text(6), (SubmissionState)select.Number(7), Parts(select.Number(0))));
        }

        return rows;
    }

    private ImmutableArray<MessagePart> Parts(long submission)
    {
        ImmutableArray<MessagePart>.Builder parts = ImmutableArray.CreateBuilder<MessagePart>();
        using SqliteStatement select = _file.Statement("SELECT code, series, number, position FROM submitted WHERE submission = ? ORDER BY place");
        select.Bind(0, submission);
        while (select.Step())
        {
            InvoiceIdentity invoice = new(AuthorityCode.Parse(select.Text(0)), InvoiceSeries.Parse(select.Text(1)), (int)select.Number(2));
            parts.Add(new(invoice, select.Number(3)));
        }

        return parts.ToImmutable();
    }

    private List<StoredAnswer> Answers(string condition, long? parameter)
    {
        var rows = new List<StoredAnswer>();
#pragma warning disable CA2100 // The conditions are constants of this file.
        using SqliteStatement select = _file.Statement(
            $"SELECT a.number, a.position, s.message, a.invoice, a.outcome, a.rule, a.text, a.advice, a.supersedes FROM answer a JOIN submission s ON s.id = a.submission {condition}");
#pragma warning restore CA2100
        if (parameter is { } value)
        {
            select.Bind(0, value);
        }

        while (select.Step())
        {
            rows.Add(new(
                select.Number(0), select.Number(1), select.Text(2), select.Text(3), (VerdictOutcomeKind)select.Number(4), select.Text(5),
                select.Text(6), select.Text(7), select.IsNull(8) ? null : select.Number(8)));
        }

        return rows;
    }

    private bool Any(string sql, long parameter)
    {
        using SqliteStatement select = _file.Statement(sql);
        return select.Bind(0, parameter).Step();
    }
}
