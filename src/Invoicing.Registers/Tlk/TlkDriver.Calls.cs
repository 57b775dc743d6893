using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk;

/// <summary>The driver and the recorder: effects to calls, their ends to inputs.</summary>
public sealed partial class TlkDriver
{
    /// <summary>Calls of the recorder start here, in the order of effects, which is the order it numbers them in.</summary>
    private void Do(TlkEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case TlkEffect.Ask ask:
                Start(CallAsync(
                    async () => await AskAsync(ask, cancellationToken).ConfigureAwait(false), why => Waits(ask.Session, why), cancellationToken));
                break;
            case TlkEffect.NoteBehind behind:
                Start(CallAsync(
                    () => NoteBehindAsync(behind, cancellationToken), why => Waits(behind.Session, why), cancellationToken));
                break;
            case TlkEffect.Record record:
                Start(CallAsync(
                    async () => Done(record.Ticket, await _recorder.RecordAsync(record.Content, cancellationToken).ConfigureAwait(false)),
                    why => Done(record.Ticket, new RecordOutcome.NotNow(why)),
                    cancellationToken));
                break;
            case TlkEffect.RecordGap gap:
                Start(CallAsync(
                    async () => Done(
                        gap.Ticket,
                        await _recorder.RecordGapAsync(gap.First, gap.Last, gap.Reason, cancellationToken).ConfigureAwait(false)),
                    why => Done(gap.Ticket, new RecordOutcome.NotNow(why)),
                    cancellationToken));
                break;
            case TlkEffect.ReadClock read:
                Start(CallAsync(
                    () => Task.FromResult<TlkInput>(
                        new TlkInput.ClockRead(read.Session, _recorder.IsClockPlausible ? _time.GetLocalNow() : null)),
                    _ => new TlkInput.ClockRead(read.Session, null),
                    cancellationToken));
                break;
            case TlkEffect.OfferLease offer:
                Start(CallAsync(
                    async () => new TlkInput.LeaseOffered(
                        offer.Session,
                        await _recorder.OfferLeaseAsync(offer.Register, offer.Epoch, cancellationToken).ConfigureAwait(false)),
                    _ => new TlkInput.LeaseOffered(offer.Session, null),
                    cancellationToken));
                break;
            case TlkEffect.AnswerLease answer:
                // What cannot be noted now is found out again: the lease is offered again, and the register says again that it has it.
                Start(CallAsync(
                    async () =>
                    {
                        await _recorder.LeaseAnsweredAsync(answer.Register, answer.Epoch, answer.Lease, answer.Newest, cancellationToken)
                            .ConfigureAwait(false);
                        return new TlkInput.Tick();
                    },
                    _ => new TlkInput.Tick(),
                    cancellationToken));
                break;
            case TlkEffect.Count count:
                _counters = _counters.SetItem(count.Counter, _counters.GetValueOrDefault(count.Counter) + 1);
                LogThrownAway(_line.Name, count.Counter);
                break;
            case TlkEffect.Tell tell:
                Tell(tell);
                break;
        }
    }

    private void Start(Task call)
    {
        _calls.RemoveAll(static done => done.IsCompleted);
        _calls.Add(call);
    }

    /// <summary>Runs a call of the recorder and puts its answer into the inbox; no call ends without one, or the register would wait for ever.</summary>
    private async Task CallAsync(Func<Task<TlkInput>> call, Func<string, TlkInput> later, CancellationToken cancellationToken)
    {
        Inbound answer;
        try
        {
            answer = new(await call().ConfigureAwait(false), null);
        }
        catch (InvoicingException fault) when (fault.IsTransient)
        {
            answer = new(later(fault.Message), null);
        }
#pragma warning disable CA1031 // Top of a call that nobody awaits: the fault goes to the serving loop, which ends the driver with it.
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            answer = new(null, null, ExceptionDispatchInfo.Capture(fault));
        }

        await PutAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TlkInput> AskAsync(TlkEffect.Ask ask, CancellationToken cancellationToken)
    {
        RegisterStanding standing = await _recorder.WelcomeAsync(ask.Hello, cancellationToken).ConfigureAwait(false);
        byte[] nonce = RandomNumberGenerator.GetBytes(Tag.NonceLength);
        return new TlkInput.Stands(ask.Session, standing, _time.GetLocalNow(), nonce);
    }

    private async Task<TlkInput> NoteBehindAsync(TlkEffect.NoteBehind behind, CancellationToken cancellationToken)
    {
        await _recorder.RecordRegisterBehindAsync(behind.Hello, behind.Durable, cancellationToken).ConfigureAwait(false);
        return new TlkInput.BehindNoted(behind.Session);
    }

    private static TlkInput.Done Done(int ticket, RecordOutcome outcome) => new(ticket, outcome);

    private static TlkInput.Stands Waits(int session, string why) => new(session, new RegisterStanding.Waiting(why), default, default);
}
