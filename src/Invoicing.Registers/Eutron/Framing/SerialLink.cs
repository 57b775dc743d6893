using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Eutron.Framing;

/// <summary>The serial and CDC-ACM dialect: every record is asked for by <c>01</c>, and accepted by <c>06</c>.</summary>
/// <remarks>
/// The register never sends a frame twice: one that was damaged, or whose acceptance was lost, ends the dump, and comes again with the next.
/// Source: registers.md §3.1.
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
    private bool _isHeld;

    /// <inheritdoc/>
    public void Rewind()
    {
        _isRewound = true;
        _isInDump = false;
        _isHeld = false;
    }

    /// <inheritdoc/>
    public async Task<LogStep> NextAsync(CancellationToken cancellationToken)
    {
        bool isFirst = !_isInDump;
        if (isFirst)
        {
            if (!await CommandAsync('F', _isRewound ? FromHead : Continue, cancellationToken).ConfigureAwait(false))
            {
                return LogStep.Silent.Instance;
            }

            _isRewound = false;
            _isInDump = true;
        }

        ReadOnlyMemory<byte>? data = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (data is not { } frame)
        {
            _isInDump = false;
            return new LogStep.Interrupted("a record did not come, or came damaged");
        }

        if (IsEnd(frame))
        {
            await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
            _isInDump = false;
            return LogStep.End.Instance;
        }

        if (frame.Length < 2)
        {
            await BreakOffAsync(cancellationToken).ConfigureAwait(false);
            return new LogStep.Interrupted($"expected a record with its filler, found {frame.Length} bytes");
        }

        _isHeld = true;
        return new LogStep.Record(frame[1..]);
    }

    /// <inheritdoc/>
    public async Task AcceptAsync(CancellationToken cancellationToken)
    {
        if (_isHeld)
        {
            _isHeld = false;
            await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task BreakOffAsync(CancellationToken cancellationToken)
    {
        if (_isInDump)
        {
            _isInDump = false;
            _isHeld = false;
            await _input.WriteAsync(Nak, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadTableAsync(ushort table, CancellationToken cancellationToken)
    {
        if (!await CommandAsync('D', table, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        List<ReadOnlyMemory<byte>> rows = [];
        while (rows.Count <= MaxTable)
        {
            if (await ReceiveAsync(cancellationToken).ConfigureAwait(false) is not { } frame)
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

    private static bool IsEnd(ReadOnlyMemory<byte> frame) => frame.Length == 2 && frame.Span[0] == 0 && frame.Span[1] == 0;

    /// <summary>Sends a command.</summary>
    /// <returns>Whether the register took it.</returns>
    private async Task<bool> CommandAsync(char letter, ushort type, CancellationToken cancellationToken)
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

            await _input.WriteAsync(EutronFrame.Encode(EutronFrame.Command(letter, type)), cancellationToken).ConfigureAwait(false);
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
    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        // One deadline for the whole frame: at 1,200 baud its 255 bytes take 2.2 s, which the reply limit's double covers beyond the wait itself.
        using LineInput.Deadline deadline = _input.Within(3 * replyLimit, cancellationToken);
        while (await _input.NextAsync(deadline).ConfigureAwait(false) is { } next)
        {
            switch (_receiver.Take(next))
            {
                case Heard.Start:
                    await _input.WriteAsync(Ack, cancellationToken).ConfigureAwait(false);
                    break;
                case Heard.Record:
                    return _receiver.Data;
                case Heard.Broken:
                    counters.Add("damaged frames");
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
