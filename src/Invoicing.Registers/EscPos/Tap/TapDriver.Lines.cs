using Invoicing.Registers.Lines;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>The tap and its till.</summary>
internal sealed partial class TapDriver
{
    /// <summary>Gate and virtual printer: the session gets every byte, and the till waits for it.</summary>
    private async Task ReadTillAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ILineConnection till = await _till.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using (till.ConfigureAwait(false))
            {
                Volatile.Write(ref _tillConnection, till);
                while (true)
                {
                    await WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
                    byte[] buffer = new byte[ReadSize];
                    int count = await till.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                    if (count == 0)
                    {
                        break;
                    }

                    await _inbox.Writer.WriteAsync(new TapInput.Came(buffer.AsMemory(0, count)), cancellationToken).ConfigureAwait(false);
                }

                Volatile.Write(ref _tillConnection, null);
            }

            await _inbox.Writer.WriteAsync(new TapInput.Gone(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CopyBackAsync(ILineConnection printer, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[256];
        try
        {
            while (await printer.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                ReadOnlyMemory<byte> said = buffer.AsMemory(0, count);
                said = _options is { Mode: TapMode.Gate, ConfirmsPaper: true } ? TakeOwn(said) : said;
                if (!said.IsEmpty)
                {
                    await TellTillAsync(said, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The printer or the tap ended, which the forward way reports.
        }
    }

    /// <summary>Writes to the till that is there now, if one is; one that does not read misses its answer, as on a cable.</summary>
    private async ValueTask TellTillAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _tillConnection) is not { } till)
        {
            return;
        }

        using CancellationTokenSource limit = new(AnswerLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await till.WriteAsync(bytes, both.Token).ConfigureAwait(false);
        }
        catch (LineGoneException fault)
        {
            LogTillGone(fault, _till.Name);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogTillDeaf(_till.Name, AnswerLimit);
        }
    }

    private async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (_isFull)
        {
            await _room.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Called after every step: whether the till may be read.</summary>
    private void Room()
    {
        _isFull = _core.IsFull;
        if (!_isFull)
        {
            _room.Writer.TryWrite(true);
        }
    }

    [LoggerMessage(1077, LogLevel.Debug, "{Line}: the till went while it was answered")]
    private partial void LogTillGone(LineGoneException fault, string line);

    [LoggerMessage(1078, LogLevel.Warning, "{Line}: the till has not read an answer for {Limit}")]
    private partial void LogTillDeaf(string line, TimeSpan limit);
}
