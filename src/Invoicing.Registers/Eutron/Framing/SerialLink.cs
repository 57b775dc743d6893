using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Eutron.Framing;

/// <summary>The serial and CDC-ACM dialect: every record is asked for by <c>01</c>, and accepted by <c>06</c>.</summary>
/// <remarks>
/// The register never sends a frame twice: one that was damaged, or whose acceptance was lost, ends the dump, and comes again with the next.
/// That it goes on in the same dump says that it heard the acceptance. Source: registers.md §3.1.
/// </remarks>
internal sealed class SerialLink(ILineConnection connection, TimeSpan replyLimit, TimeProvider time, DriverCounters counters) : IEutronLink
{
    /// <summary>How often a command is sent before the register counts as silent.</summary>
    private const int Attempts = 3;

    /// <summary>Most records of a table: more than any register of the family has articles.</summary>
    private const int MaxTable = 20_000;

    private const ushort Continue = 0x0000;
    private const ushort FromHead = 0xFFFF;

    private static readonly byte[] Start = [EutronFrame.Start];
    private static readonly byte[] Ack = [EutronFrame.Ack];
    private static readonly byte[] Nak = [EutronFrame.Nak];

    private readonly LineInput _input = new(connection, time);
    private readonly EutronReceiver _receiver = new();
    private bool _isInDump;
    private bool _isRewound;
    private bool _isLeft;
    private bool _hasAccepted;
    private bool _isEndSeen;
    private ReadOnlyMemory<byte>? _held;
    private ReadOnlyMemory<byte>? _uncertain;

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> Uncertain => _uncertain is { } accepted ? [accepted] : [];

    /// <inheritdoc/>
    public long DamagedFrames { get; private set; }

    /// <inheritdoc/>
    public void Resume(IReadOnlyList<ReadOnlyMemory<byte>> uncertain)
    {
        if (!_isEndSeen && uncertain.Count > 0)
        {
            _uncertain = uncertain[^1];
        }
    }

    /// <inheritdoc/>
    public void Rewind()
    {
        _isRewound = true;
        _isLeft = _isInDump;
        _isInDump = false;
        _held = null;
        _uncertain = null;
    }

    /// <inheritdoc/>
    public async Task<LogStep> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isInDump)
        {
            if (_isLeft)
            {
                _isLeft = false;
                await _input.WriteAsync(Nak, cancellationToken).ConfigureAwait(false); // the dump that is under way ends
            }

            if (!await CommandAsync(EutronFrame.Command('F', _isRewound ? FromHead : Continue), cancellationToken).ConfigureAwait(false))
            {
                return LogStep.Silent.Instance;
            }

            _isRewound = false;
            _isInDump = true;
            _hasAccepted = false;
        }

        while (true)
        {
            ReadOnlyMemory<byte>? data = await ReceiveAsync(_hasAccepted, cancellationToken).ConfigureAwait(false);
            if (data is not { } frame)
            {
                _isInDump = false;
                return new LogStep.Interrupted("a record did not come, or came damaged");
            }

            if (IsEnd(frame))
            {
                await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
                (_isInDump, _uncertain, _isEndSeen) = (false, null, true);
                return LogStep.End.Instance;
            }

            if (frame.Length < 2)
            {
                await BreakOffAsync(cancellationToken).ConfigureAwait(false);
                return new LogStep.Interrupted($"expected a record with its filler, found {frame.Length} bytes");
            }

            ReadOnlyMemory<byte> record = frame[1..];
            if (IsHead(record) || _uncertain is not { } accepted || !accepted.Span.SequenceEqual(record.Span))
            {
                _held = record; // another one may be the same, damaged: only when it is accepted, the one before is certain
                return new LogStep.Record(record);
            }

            // Its acceptance was not heard: it is accepted once more, and stays uncertain until the register goes on.
            counters.Add("repeated records");
            _hasAccepted = true;
            await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task AcceptAsync(CancellationToken cancellationToken)
    {
        if (_held is { } record)
        {
            _held = null;
            if (!IsHead(record))
            {
                (_uncertain, _hasAccepted) = (record, true); // before the byte goes out: the line may break with it
            }

            await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task BreakOffAsync(CancellationToken cancellationToken)
    {
        if (_isInDump)
        {
            _isInDump = false;
            _held = null;
            await _input.WriteAsync(Nak, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadTableAsync(TableRange range, CancellationToken cancellationToken)
    {
        if (!await CommandAsync([(byte)'D', .. range.ToBytes()], cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        List<ReadOnlyMemory<byte>> rows = [];
        while (rows.Count <= MaxTable)
        {
            if (await ReceiveAsync(hasAccepted: false, cancellationToken).ConfigureAwait(false) is not { } frame)
            {
                return null;
            }

            await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
            if (IsEnd(frame))
            {
                return rows;
            }

            rows.Add(frame);
        }

        return null;
    }

    /// <summary>The register's number before a dump. It is no record of the ring, and the pointer does not move behind it.</summary>
    private static bool IsHead(ReadOnlyMemory<byte> record) => FlowRecord.Read(record).Type == FlowType.EcrNumber;

    private static bool IsEnd(ReadOnlyMemory<byte> frame) => frame.Length == 2 && frame.Span[0] == 0 && frame.Span[1] == 0;

    /// <summary>Sends a command.</summary>
    /// <returns>Whether the register took it.</returns>
    private async Task<bool> CommandAsync(byte[] command, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            _input.Drop();
            _receiver.Reset();
            await _input.WriteAsync(Start, cancellationToken).ConfigureAwait(false);
            if (!await IsTakenAsync(cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            await _input.WriteAsync(EutronFrame.Encode(command), cancellationToken).ConfigureAwait(false);
            if (await IsTakenAsync(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> IsTakenAsync(CancellationToken cancellationToken)
    {
        using LineInput.Deadline deadline = _input.Within(replyLimit, cancellationToken);
        while (await _input.NextAsync(deadline).ConfigureAwait(false) is { } next)
        {
            if (next is EutronFrame.Ack or EutronFrame.Nak)
            {
                return next == EutronFrame.Ack;
            }

            counters.Add("noise");
        }

        counters.Add("no reply");
        return false;
    }

    /// <summary>Receives a frame and leaves its acceptance open; a damaged one is refused.</summary>
    /// <param name="hasAccepted">Whether a record of the same dump was accepted: a start then says that the register heard it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(bool hasAccepted, CancellationToken cancellationToken)
    {
        // One deadline for the whole frame: at 1,200 baud its 255 bytes take 2.2 s, which the reply limit's double covers beyond the wait itself.
        using LineInput.Deadline deadline = _input.Within(3 * replyLimit, cancellationToken);
        while (await _input.NextAsync(deadline).ConfigureAwait(false) is { } next)
        {
            switch (_receiver.Take(next))
            {
                case Heard.Start:
                    _uncertain = hasAccepted ? null : _uncertain;
                    await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
                    break;
                case Heard.Record:
                    return _receiver.Data;
                case Heard.Broken:
                    counters.Add("damaged frames");
                    DamagedFrames++;
                    await _input.WriteAsync(Nak, cancellationToken).ConfigureAwait(false);
                    return null;
                default:
                    break; // noise, or the rest of a record
            }
        }

        _receiver.Reset();
        counters.Add("no record");
        return null;
    }
}
