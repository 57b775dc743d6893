using System.Diagnostics;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Signing;

namespace Invoicing.Benchmarks.Issue;

/// <summary>The limit program: signatures and the journal's own rows of the same bytes, in the same tables, with the same flushes; nothing else.</summary>
internal sealed class IssueLimit : IDisposable
{
    /// <summary>As the recorder: after the commit, between two groups.</summary>
    private const int CheckpointPages = 512;

    private readonly BenchShop _shop = new();
    private readonly SoftwareSigner _signer = SoftwareSigner.Create();
    private readonly JournalFile _file;
    private readonly SignedEntry _sample;
    private readonly LineState[] _lines;
    private long _position = 1;
    private long _next;

    /// <summary>Opens a journal of its own.</summary>
    /// <param name="sample">An entry of a real run: its body is what is written.</param>
    /// <param name="registers">Lines that records are spread over, as the callers' are.</param>
    public IssueLimit(SignedEntry sample, int registers)
    {
        _sample = sample;
        _lines = [.. Enumerable.Range(0, registers).Select(i => new LineState(
            i + 1, new($"BENCH-{i:0000}"), 0x1122334455667788, 0, null, 0, 0, null, IsRetired: false))];
        var enrolment = EnrolmentGrant.Read(_shop.Bundle.Enrolment);
        ChainHead head = ChainAppend.Start(ChainId.Create(), enrolment.Hash);
        SignedEntry opening = ChainAppend.NextSigned(
            ref head, EntryContents.Opening(_signer, "limit"), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), _signer, anchor: null);
        _file = JournalFile.Open(_shop.JournalPath, () => new(enrolment, opening), out _);
        _file.Begin();
        foreach (LineState line in _lines)
        {
            _file.Save(line);
        }

        _file.Commit();
    }

    /// <summary>Sign and commit one after the other, one a commit.</summary>
    /// <returns>Latencies in milliseconds, sorted.</returns>
    public double[] Alone(TimeSpan duration)
    {
        var latencies = new List<double>(100_000);
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            long start = Stopwatch.GetTimestamp();
            Commit(1, sign: true);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Checkpoint();
        }

        return [.. latencies.Order()];
    }

    /// <summary>Rows a second in commits of 64, unsigned, one of each register.</summary>
    public double GroupCommits(TimeSpan duration)
    {
        long rows = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            Commit(64, sign: false);
            Checkpoint();
            rows += 64;
        }

        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Signatures a second on one core.</summary>
    public double Signatures(TimeSpan duration)
    {
        long count = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            for (int i = 0; i < 100; i++)
            {
                _ = _signer.Sign(_sample.Hash);
            }

            count += 100;
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        _file.Dispose();
        _signer.Dispose();
        _shop.Dispose();
    }

    private void Checkpoint()
    {
        if (_file.LogPages >= CheckpointPages)
        {
            _file.Checkpoint();
        }
    }

    private void Commit(int rows, bool sign)
    {
        SignedEntry entry = sign ? _sample with { Signature = _signer.Sign(_sample.Hash) } : _sample;
        _file.Begin();
        for (int i = 0; i < rows; i++)
        {
            _position++;
            LineState line = _lines[_position % _lines.Length];
            LineState moved = line with { LastSequence = line.LastSequence + 1 };
            _file.Insert(entry with { Position = _position });
            _file.Insert(line.Id, moved.LastSequence, new StoredRecord(_sample.Hash, _position, StoredOutcome.Issued, null));
            _lines[_position % _lines.Length] = moved;
        }

        _file.MoveRange(0, isCodes: true, _next, _next + rows);
        _file.MoveRange(0, isCodes: false, _next + 1, _next + 1 + rows);
        _next += rows;
        _file.Commit();
    }
}
