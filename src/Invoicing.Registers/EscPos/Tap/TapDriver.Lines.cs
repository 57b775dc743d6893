using Invoicing.Registers.Lines;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>The tap and its lines.</summary>
internal sealed partial class TapDriver
{
    private ReadOnlyMemory<byte> _unprinted;

    /// <summary>Observe: what the till says goes to the printer, and to the session if that has room.</summary>
    private async Task PassAsync(CancellationToken cancellationToken)
    {
        PrinterLink? printer = null;
        try
        {
            while (true)
            {
                ILineConnection till = await _till.ConnectAsync(cancellationToken).ConfigureAwait(false);
                await using (till.ConfigureAwait(false))
                {
                    Volatile.Write(ref _tillConnection, till);
                    printer = await PassOneAsync(till, printer, cancellationToken).ConfigureAwait(false);
                    Volatile.Write(ref _tillConnection, null);
                }

                _beside.End();
                _inbox.Writer.TryWrite(new TapInput.Tick());
            }
        }
        finally
        {
            await CloseAsync(printer).ConfigureAwait(false);
        }
    }

    /// <summary>Passes bytes for as long as one connection of the till lasts.</summary>
    /// <returns>The printer's connection, if it is there and stays.</returns>
    private async Task<PrinterLink?> PassOneAsync(ILineConnection till, PrinterLink? printer, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> pending = default;
        while (true)
        {
            printer ??= await OpenPrinterAsync(till, cancellationToken).ConfigureAwait(false);
            if (printer is null)
            {
                return null; // the till went while the printer was away
            }

            ReadOnlyMemory<byte>? left = await ForwardAsync(till, printer.Connection, pending, printer.Session).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (left is null && !_options.HangUpWithPrinter)
            {
                return printer;
            }

            await CloseAsync(printer).ConfigureAwait(false);
            printer = null;
            if (left is null || _options.HangUpWithPrinter)
            {
                return null;
            }

            pending = left.Value;
        }
    }

    private async Task<PrinterLink?> OpenPrinterAsync(ILineConnection till, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(till.Gone, cancellationToken);
        ILineConnection connection;
        try
        {
            connection = await _printer!.ConnectAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        _isPrinterUp = true;
        return new(connection, CopyBackAsync, cancellationToken);
    }

    private async ValueTask CloseAsync(PrinterLink? printer)
    {
        if (printer is not null)
        {
            _isPrinterUp = false;
            await printer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Copies from the till to the printer.</summary>
    /// <returns>What is left to write if the printer went; <see langword="null"/> if the till did.</returns>
    private async Task<ReadOnlyMemory<byte>?> ForwardAsync(
        ILineConnection till, ILineConnection printer, ReadOnlyMemory<byte> pending, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (!pending.IsEmpty)
                {
                    await printer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
                    pending = default;
                }

                byte[] buffer = new byte[ReadSize];
                int count = await till.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    return null;
                }

                pending = buffer.AsMemory(0, count);
                Offer(pending.Span);
            }
        }
        catch (LineGoneException fault)
        {
            LogPrinterGone(fault, _printer!.Name);
            return pending;
        }
        catch (OperationCanceledException)
        {
            return pending;
        }
    }

    /// <summary>Gives bytes to the session, or notes that it missed them: the printer does not wait for it.</summary>
    private void Offer(ReadOnlySpan<byte> bytes)
    {
        if (!_beside.TryAppend(bytes))
        {
            Count(TapCounters.LostCapture);
        }

        _inbox.Writer.TryWrite(new TapInput.Tick()); // a full inbox has other inputs, each of which looks beside
    }

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

    /// <summary>Gate: writes what is ready to the printer, again after it was away; what it says goes to the till.</summary>
    private async Task PrintAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ILineConnection printer = await _printer!.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using (printer.ConfigureAwait(false))
            {
                using var session = CancellationTokenSource.CreateLinkedTokenSource(printer.Gone, cancellationToken);
                _isPrinterUp = true;
                Task back = CopyBackAsync(printer, session.Token);
                try
                {
                    await WriteAllAsync(printer, session.Token).ConfigureAwait(false);
                }
                catch (LineGoneException fault)
                {
                    LogPrinterGone(fault, _printer!.Name);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    LogPrinterWent(_printer!.Name);
                }

                _isPrinterUp = false;
                await session.CancelAsync().ConfigureAwait(false);
                await back.ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAllAsync(ILineConnection printer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_unprinted.IsEmpty)
            {
                _unprinted = await _toPrinter.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                Count(TapCounters.PrintedAgain);
            }

            await printer.WriteAsync(_unprinted, cancellationToken).ConfigureAwait(false);
            _unprinted = default;
        }
    }

    private async Task CopyBackAsync(ILineConnection printer, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[256];
        try
        {
            while (await printer.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                await TellTillAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
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

    [LoggerMessage(1075, LogLevel.Warning, "{Line}: the printer went while it was written to; what was not printed is printed again")]
    private partial void LogPrinterGone(LineGoneException fault, string line);

    [LoggerMessage(1076, LogLevel.Warning, "{Line}: the printer went")]
    private partial void LogPrinterWent(string line);

    [LoggerMessage(1077, LogLevel.Debug, "{Line}: the till went while it was answered")]
    private partial void LogTillGone(LineGoneException fault, string line);

    [LoggerMessage(1078, LogLevel.Warning, "{Line}: the till has not read an answer for {Limit}")]
    private partial void LogTillDeaf(string line, TimeSpan limit);
}
