using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Eutron.Framing;

/// <summary>The TCP dialect: packets of whole records, and a pointer that moves only when the next request names the packet.</summary>
/// <remarks>Source: registers.md §3.1; tests/vectors/eutron/README.md.</remarks>
internal sealed class TcpLink(ILineConnection connection, TimeSpan replyLimit, TimeProvider time, DriverCounters counters) : IEutronLink
{
    /// <summary>Most packets of a table: more than any register of the family has articles.</summary>
    private const int MaxTable = 20_000;

    /// <summary>How often in a row a packet may come that is stored already: its acceptance was lost as often.</summary>
    private const int MaxAgain = 8;

    private const ushort NothingYet = 0x0000;
    private const ushort FromHead = 0xFFFF;

    private readonly LineInput _input = new(connection, time);
    private readonly TcpReceiver _receiver = new();
    private readonly Queue<ReadOnlyMemory<byte>> _records = new();
    private ushort _stored = NothingYet;
    private ushort _number;
    private readonly List<ReadOnlyMemory<byte>> _consumed = [];
    private IReadOnlyList<ReadOnlyMemory<byte>> _expectedAgain = [];
    private ReadOnlyMemory<byte>? _told;
    private bool _isEndSeen;

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> Uncertain => [.. _consumed, .. _expectedAgain];

    /// <inheritdoc/>
    public long DamagedFrames => 0;

    /// <inheritdoc/>
    public void Resume(IReadOnlyList<ReadOnlyMemory<byte>> uncertain)
    {
        if (_isEndSeen)
        {
            return; // the pointer stands behind all of it
        }

        _expectedAgain = uncertain;
        if (_records.Count > 0)
        {
            DropAgain();
        }
    }

    /// <inheritdoc/>
    public void Rewind()
    {
        _records.Clear();
        _consumed.Clear();
        _expectedAgain = [];
        _told = null;
        _stored = FromHead;
    }

    /// <inheritdoc/>
    public async Task<LogStep> NextAsync(CancellationToken cancellationToken)
    {
        if (_told is { } again)
        {
            return new LogStep.Record(again);
        }

        while (_records.Count == 0)
        {
            if (await FillAsync(cancellationToken).ConfigureAwait(false) is { } other)
            {
                return other;
            }
        }

        _told = _records.Dequeue();
        return new LogStep.Record(_told.Value);
    }

    /// <inheritdoc/>
    public Task AcceptAsync(CancellationToken cancellationToken)
    {
        if (_told is { } record && !IsHead(record))
        {
            _consumed.Add(record);
        }

        _told = null;
        StoreIfDone();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task BreakOffAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadTableAsync(TableRange range, CancellationToken cancellationToken)
    {
        List<ReadOnlyMemory<byte>> rows = [];
        byte[] which = range.ToBytes();
        bool isRewound = _stored == FromHead;
        ushort named = FromHead;

        // The register numbers packets of log and tables together. What is in hand of the log, which no request has named, comes again behind the table.
        _expectedAgain = Uncertain;
        _consumed.Clear();
        _records.Clear();
        _told = null;
        for (int i = 0; i < MaxTable; i++)
        {
            TcpPacket packet = await AskBehindAsync((byte)'D', named, which, cancellationToken).ConfigureAwait(false);
            if (packet.Letter != (byte)'D' || packet.Sequence == FromHead || packet.Data.Length % PluRow.Length != 0)
            {
                return null;
            }

            named = packet.Sequence;
            _stored = isRewound ? FromHead : named;
            if (packet.Data.IsEmpty)
            {
                return rows;
            }

            for (ReadOnlyMemory<byte> rest = packet.Data; !rest.IsEmpty; rest = rest[PluRow.Length..])
            {
                rows.Add(rest[..PluRow.Length]);
            }
        }

        return null;
    }

    /// <summary>The register's number before its log: it is no record of the ring.</summary>
    private static bool IsHead(ReadOnlyMemory<byte> record) => FlowRecord.Read(record).Type == FlowType.EcrNumber;

    /// <summary>Asks for the next packet.</summary>
    /// <returns>What came instead of records.</returns>
    private async Task<LogStep?> FillAsync(CancellationToken cancellationToken)
    {
        TcpPacket packet = await AskBehindAsync((byte)'F', _stored, default, cancellationToken).ConfigureAwait(false);
        if (packet.Letter == TcpPacket.Refused)
        {
            counters.Add("busy");
            return LogStep.Busy.Instance;
        }

        if (packet.Letter != (byte)'F' || packet.Sequence == FromHead || !TrySplit(packet.Data))
        {
            throw new RegisterTroubleException(
                $"expected a packet of log records, found '{(char)packet.Letter}' number {packet.Sequence} with {packet.Data.Length} bytes; set the register's TCP port to the log");
        }

        _number = packet.Sequence;
        _consumed.Clear();
        if (_records.Count == 0)
        {
            _stored = _number; // an empty packet may have a number, too; by an older one the register would tell it again for ever
            (_expectedAgain, _isEndSeen) = ([], true);
            return LogStep.End.Instance;
        }

        DropAgain();
        return null;
    }

    /// <summary>Drops what was accepted before and comes again because the register does not know it.</summary>
    private void DropAgain()
    {
        ReadOnlyMemory<byte>[] head = IsHead(_records.Peek()) ? [_records.Dequeue()] : [];
        ReadOnlyMemory<byte>[] rest = [.. _records];
        int most = Math.Min(rest.Length, _expectedAgain.Count);
        int same = 0;
        while (same < most && rest[same].Span.SequenceEqual(_expectedAgain[same].Span))
        {
            same++;
        }

        int dropped = same == most ? same : 0; // if not: begins like it, and is another
        _expectedAgain = same == most ? [.. _expectedAgain.Skip(dropped)] : [];
        if (dropped > 0)
        {
            counters.Add("repeated records");
        }

        _consumed.AddRange(rest[..dropped]);
        _records.Clear();
        foreach (ReadOnlyMemory<byte> record in head.Concat(rest[dropped..]))
        {
            _records.Enqueue(record);
        }

        StoreIfDone();
    }

    /// <summary>All of the packet is accepted: the next request says so, and until then the register keeps it.</summary>
    private void StoreIfDone()
    {
        if (_records.Count == 0 && _told is null && _stored != _number)
        {
            _stored = _number;
        }
    }

    /// <summary>Asks for the packet behind one that is stored. Where that one's acceptance was lost it comes again, and is asked behind once more.</summary>
    private async Task<TcpPacket> AskBehindAsync(byte letter, ushort stored, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        for (int i = 0; i < MaxAgain; i++)
        {
            TcpPacket packet = await AskAsync(letter, stored, data, cancellationToken).ConfigureAwait(false);
            bool isAgain = packet.Letter == letter && packet.Sequence == stored && stored != NothingYet && !packet.Data.IsEmpty;
            if (!isAgain)
            {
                return packet;
            }

            counters.Add("packets again");
        }

        throw new RegisterTroubleException($"expected the packet behind number {stored}, found that one {MaxAgain} times; look at the register");
    }

    private bool TrySplit(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            int length = FlowRecord.LengthOf(data.Span);
            if (length == 0 || length > data.Length)
            {
                return false;
            }

            _records.Enqueue(data[..length]);
            data = data[length..];
        }

        return true;
    }

    private async Task<TcpPacket> AskAsync(byte letter, ushort number, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _input.Drop();
        await _input.WriteAsync(new TcpPacket(letter, number, data).ToWire(), cancellationToken).ConfigureAwait(false);
        return await ReceiveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The next packet. A register that says nothing ends the connection: its answer may come late, and must not pass for that of a later
    /// question.
    /// </summary>
    private async Task<TcpPacket> ReceiveAsync(CancellationToken cancellationToken)
    {
        _receiver.Reset();
        using LineInput.Deadline deadline = _input.Within(3 * replyLimit, cancellationToken);
        while (await _input.NextAsync(deadline).ConfigureAwait(false) is { } next)
        {
            if (_receiver.Take(next) is { } whole)
            {
                return whole;
            }
        }

        counters.Add("no reply");
        throw new RegisterTroubleException(
            $"expected a reply within {3 * replyLimit.TotalSeconds:0.#} s, found {_receiver.Have} bytes of one; look whether the register is on, and what its TCP port is");
    }
}
