using Invoicing.Registers.Lines;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Gate: what is ready goes to the printer.</summary>
internal sealed partial class TapDriver
{
    /// <summary>How long a printer takes to print what its buffer holds: 4 KiB at 9,600 bits per second are 4.3 s.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(5);

    private readonly Queue<long> _written = new(); // when receipts were written, as far back as there is doubt
    private GateEffect.Print? _unprinted;

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
                    LogPrinterGone(_printer!.Name, fault.Message);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    LogPrinterWent(_printer!.Name);
                }

                _isPrinterUp = false;
                NoteDoubt();
                await session.CancelAsync().ConfigureAwait(false);
                await back.ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAllAsync(ILineConnection printer, CancellationToken cancellationToken)
    {
        lock (_replyGate)
        {
            _replies.Begin();
        }

        if (_unprinted is { } again)
        {
            _counters.Add(TapCounters.PrintedAgain);
            await WriteOneAsync(printer, again, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            GateEffect.Print next = await _toPrinter.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            await WriteOneAsync(printer, next, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a receipt, and knows then that it is printed as far as the printer says so; or what is worth something only now.</summary>
    private async Task WriteOneAsync(ILineConnection printer, GateEffect.Print print, CancellationToken cancellationToken)
    {
        if (print.IsPassing)
        {
            lock (_replyGate)
            {
                _replies.AskedByTill(print.Bytes.Span);
            }

            await printer.WriteAsync(print.Bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        _unprinted = print;
        await printer.WriteAsync(print.Bytes, cancellationToken).ConfigureAwait(false);
        if (_options.ConfirmsPaper)
        {
            await ConfirmAsync(printer, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _written.Enqueue(Now());
            while (_written.Peek() < Now() - (long)Doubt.TotalMilliseconds)
            {
                _written.Dequeue();
            }
        }

        _unprinted = null;
    }

    /// <summary>The printer went so soon behind receipts that it may have had them in its buffer still: that is told, for nobody can know.</summary>
    private void NoteDoubt()
    {
        foreach (long _ in _written.Where(at => at >= Now() - (long)Doubt.TotalMilliseconds))
        {
            _counters.Add(TapCounters.PaperUnsure);
            LogUnsure(_printer!.Name);
        }

        _written.Clear();
    }

    [LoggerMessage(1068, LogLevel.Warning, "{Line}: the printer went behind a receipt; look whether it is on paper, and print it again at the till if not")]
    private partial void LogUnsure(string line);

    [LoggerMessage(1075, LogLevel.Warning, "{Line}: the printer went while it was written to ({Reason}); what was not printed is printed again")]
    private partial void LogPrinterGone(string line, string reason);

    [LoggerMessage(1076, LogLevel.Warning, "{Line}: the printer went")]
    private partial void LogPrinterWent(string line);
}
