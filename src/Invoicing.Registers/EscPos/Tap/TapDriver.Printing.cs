using Invoicing.Registers.Lines;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Gate: what is ready goes to the printer.</summary>
internal sealed partial class TapDriver
{
    private ReadOnlyMemory<byte> _unprinted;

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
                _counters.Add(TapCounters.PrintedAgain);
            }

            await printer.WriteAsync(_unprinted, cancellationToken).ConfigureAwait(false);
            _unprinted = default;
        }
    }

    [LoggerMessage(1075, LogLevel.Warning, "{Line}: the printer went while it was written to; what was not printed is printed again")]
    private partial void LogPrinterGone(LineGoneException fault, string line);

    [LoggerMessage(1076, LogLevel.Warning, "{Line}: the printer went")]
    private partial void LogPrinterWent(string line);
}
