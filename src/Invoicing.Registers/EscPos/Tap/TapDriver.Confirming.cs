using System.Threading.Channels;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Gate: a receipt is believed to be on paper when the printer, asked behind it, has answered.</summary>
internal sealed partial class TapDriver
{
    /// <summary>GS r 1: the state of the paper sensor, told when everything before it is printed.</summary>
    private static readonly ReadOnlyMemory<byte> Question = new byte[] { 0x1D, (byte)'r', 1 };

    /// <summary>The question is asked again after this: longer than the longest receipt takes to print.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    private readonly Lock _replyGate = new();
    private readonly PrinterReplies _replies = new();
    private readonly Channel<bool> _answers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _asked;
    private long _answered;
    private volatile bool _isUnanswered; // for longer than a receipt takes

    /// <summary>Asks until the printer answers; what the till asks meanwhile goes through.</summary>
    private async Task ConfirmAsync(ILineConnection printer, CancellationToken cancellationToken)
    {
        long first = _asked + 1;
        while (true)
        {
            lock (_replyGate)
            {
                _replies.Ask(++_asked);
            }

            await printer.WriteAsync(Question, cancellationToken).ConfigureAwait(false);
            if (await IsAnsweredAsync(printer, first, cancellationToken).ConfigureAwait(false))
            {
                _isUnanswered = false;
                return;
            }

            _isUnanswered = true;
            lock (_replyGate)
            {
                _replies.GiveUpTill();
            }
        }
    }

    private async Task<bool> IsAnsweredAsync(ILineConnection printer, long first, CancellationToken cancellationToken)
    {
        using CancellationTokenSource due = new(AskAgain, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellationToken);
        while (Volatile.Read(ref _answered) < first)
        {
            while (_toPrinter.Reader.TryPeek(out GateEffect.Print? next) && next.IsPassing && _toPrinter.Reader.TryRead(out next))
            {
                await WriteOneAsync(printer, next, cancellationToken).ConfigureAwait(false);
            }

            using var looked = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
            Task answer = _answers.Reader.WaitToReadAsync(looked.Token).AsTask();
            Task more = _toPrinter.Reader.TryPeek(out _)
                ? Task.Delay(Timeout.InfiniteTimeSpan, _time, looked.Token) // a receipt, which waits for this one
                : _toPrinter.Reader.WaitToReadAsync(looked.Token).AsTask();
            await Task.WhenAny(answer, more).ConfigureAwait(false);
            await looked.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(answer, more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _answers.Reader.TryRead(out _);
            cancellationToken.ThrowIfCancellationRequested();
            if (due.IsCancellationRequested)
            {
                return Volatile.Read(ref _answered) >= first;
            }
        }

        return true;
    }

    /// <summary>Takes the tap's own answers out of what the printer says.</summary>
    /// <returns>What is the till's.</returns>
    private ReadOnlyMemory<byte> TakeOwn(ReadOnlyMemory<byte> said)
    {
        List<byte> forTill = [];
        lock (_replyGate)
        {
            long answered = _replies.Take(said.Span, forTill);
            if (answered > 0)
            {
                Volatile.Write(ref _answered, Math.Max(_answered, answered));
                _answers.Writer.TryWrite(true);
            }
        }

        return forTill.ToArray();
    }
}
