using Invoicing.Registers.Lines;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Observe: bytes pass at once, and what is seen of them is beside the way.</summary>
internal sealed partial class TapDriver
{
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
                await HearOutAsync(till, cancellationToken).ConfigureAwait(false);
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

    /// <summary>
    /// Takes what a till that went had said before: it never comes on paper, and the till believes that it did. It is a capture all the same.
    /// </summary>
    private async Task HearOutAsync(ILineConnection till, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ReadSize];
        while (await till.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            Offer(buffer.AsSpan(0, count));
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
            LogPrinterGone(_printer!.Name, fault.Message);
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
            _counters.Add(TapCounters.LostCapture);
        }

        _inbox.Writer.TryWrite(new TapInput.Tick()); // a full inbox has other inputs, each of which looks beside
    }
}
