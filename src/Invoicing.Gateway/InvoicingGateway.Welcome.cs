using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Sales;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <inheritdoc/>
    public async ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hello);
        if (_options.BuyerHold > TimeSpan.Zero)
        {
            _desk.Open(hello.Register, _options.BuyerHold);
        }

        var key = new LineKey(hello.Register, hello.Epoch);
        _recorder.Clocks.Compare(key, hello.Clock);
        JournalState state = _recorder.State;
        if (state.Lines.TryGetValue(key, out LineState? line))
        {
            await _recorder.EndExpiredAsync(hello, cancellationToken).ConfigureAwait(false);
            return Told(Recorder.Standing(line), key.Register);
        }

        if (_recorder.IsStatedNew(hello.Register))
        {
            return await OpenAsync(key, new(0, null), "first seen; stated to be new", cancellationToken).ConfigureAwait(false);
        }

        // A register that we know, with a new journal of which it was never told that anything is durable: nobody else has any of it.
        if (hello.LastAcknowledged == 0 && state.Knows(hello.Register))
        {
            return await OpenAsync(key, new(0, null), "a new journal of a register that is known", cancellationToken).ConfigureAwait(false);
        }

        RegisterHistory history = _link is null
            ? new RegisterHistory.Unknown("no authority is configured that could be asked for the register's history")
            : await _link.AskAsync(key.Register, key.Epoch, cancellationToken).ConfigureAwait(false);
        return history switch
        {
            RegisterHistory.Known known =>
                await OpenAsync(key, known, $"first seen; the authority holds it up to {known.LastSequence}", cancellationToken)
                    .ConfigureAwait(false),
            RegisterHistory.Unknown unknown => new RegisterStanding.Waiting($"{unknown.Reason}; state the register to be new if it is"),
            RegisterHistory other => throw new InvalidOperationException($"expected a history or none, found {other}"),
        };
    }

    private async Task<RegisterStanding> OpenAsync(
        LineKey key, RegisterHistory.Known history, string text, CancellationToken cancellationToken) =>
        Told(await _recorder.OpenLineAsync(key, history, text, cancellationToken).ConfigureAwait(false), key.Register);

    /// <summary>Adds whether this is the register's first life here and elsewhere, with nothing recorded yet, or which life took its place.</summary>
    private RegisterStanding Told(RegisterStanding standing, RegisterId register) => standing switch
    {
        RegisterStanding.Open { LastDurable: 0 } open when _recorder.State.Lines.Values.Count(line => line.Register == register) == 1 =>
            open with { IsFirstContact = true },
        RegisterStanding.Retired retired => retired with
        {
            CurrentEpoch = _recorder.State.Lines.Values.FirstOrDefault(line => line.Register == register && !line.IsRetired)?.Epoch ?? 0,
        },
        _ => standing,
    };

    /// <summary>A caller that issues without a hello: what it issued before this sale, somebody told it is durable.</summary>
    private async Task WelcomeFirstAsync(SaleKey key, CancellationToken cancellationToken)
    {
        RegisterStanding standing = await WelcomeAsync(
            new(key.Register, key.Epoch, OldestSequence: key.Sequence, NewestSequence: key.Sequence, LastAcknowledged: key.Sequence - 1),
            cancellationToken).ConfigureAwait(false);
        if (standing is RegisterStanding.Waiting waiting)
        {
            throw new NotRecordedException(waiting.Reason);
        }
    }
}
