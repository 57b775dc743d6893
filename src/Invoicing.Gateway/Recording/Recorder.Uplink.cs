using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Recording;

internal sealed partial class Recorder
{
    /// <summary>A watermark that no group took along is written after this long: losing it costs a resend, so it need not be at once.</summary>
    private static readonly TimeSpan SaveDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _uplinkGate = new();
    private readonly ITimer _saving;
    private UplinkPosition _acknowledged;
    private UplinkPosition? _unsaved;
    private Anchor? _anchor;

    /// <summary>How far the authority has acknowledged; may be a second ahead of what is written of it.</summary>
    public UplinkPosition Acknowledged
    {
        get
        {
            lock (_uplinkGate)
            {
                return _acknowledged;
            }
        }
    }

    /// <summary>What new entries name as proof of not-before; none before the first watermark.</summary>
    public Anchor? Anchor
    {
        get
        {
            lock (_uplinkGate)
            {
                return _anchor;
            }
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(Watermark watermark, SignedWatermark statement, long checkpoint)
    {
        lock (_uplinkGate)
        {
            bool isFirst = _unsaved is null;
            _acknowledged = new(checkpoint, watermark.SafePosition, statement, Stopped: null);
            _unsaved = _acknowledged;
            _anchor = watermark.Anchor;
            _settings.Time.RaiseProven(watermark.Anchor.LedgerTime);
            if (isFirst)
            {
                _saving.Change(SaveDelay, Timeout.InfiniteTimeSpan);
            }
        }

        RemoveRetiredSoon(checkpoint);
    }

    /// <inheritdoc/>
    public Task<bool> StoreAsync(IReadOnlyList<(Verdict Verdict, SignedVerdict Statement)> verdicts, CancellationToken cancellationToken) =>
        Post(
            new AnsweredWork<bool>(
                group =>
                {
                    long more = MoreParked(verdicts);
                    group.Write(file =>
                    {
                        foreach ((Verdict verdict, SignedVerdict statement) in verdicts)
                        {
                            file.Insert(verdict, statement);
                        }
                    });
                    group.ChangeAtCommit(state => state with
                    {
                        VerdictCursor = verdicts[^1].Verdict.Number,
                        Parked = state.Parked + more,
                    });
                    return true;
                },
                _ => false,
                size: 1024 * verdicts.Count),
            cancellationToken);

    /// <summary>By how many the parked entries change: the latest verdict of each entry counts.</summary>
    private long MoreParked(IReadOnlyList<(Verdict Verdict, SignedVerdict Statement)> verdicts)
    {
        long more = 0;
        foreach (IGrouping<long, Verdict> entry in verdicts.Select(pair => pair.Verdict).GroupBy(verdict => verdict.Position))
        {
            more += (entry.Last().Outcome == VerdictOutcomeKind.Rejected ? 1 : 0) - (Stored().IsParked(entry.Key) ? 1 : 0);
        }

        return more;
    }

    /// <inheritdoc/>
    public async Task<ResignOutcome> ResignAsync(long position, CancellationToken cancellationToken)
    {
        (ResignOutcome outcome, Sha256Hash? before) = await ResignAsync(position, retired: null, cancellationToken).ConfigureAwait(false);
        if (before is not { } keyId)
        {
            return outcome;
        }

        // Signed by a key that is not in force any more. It is kept until the authority has what it signed; opened here, where nobody waits.
        using ISigner? retired = await Task.Run(() => OpenRetired(keyId), cancellationToken).ConfigureAwait(false);
        return retired is null
            ? ResignOutcome.NotAgain
            : (await ResignAsync(position, retired, cancellationToken).ConfigureAwait(false)).Outcome;
    }

    private Task<(ResignOutcome Outcome, Sha256Hash? Before)> ResignAsync(long position, ISigner? retired, CancellationToken cancellationToken) => Post(
        new AnsweredWork<(ResignOutcome, Sha256Hash?)>(
            group =>
            {
                if (Stored().WasResigned(position) || Stored().ReadEntry(position) is not { } entry
                    || EntryFields.Read(entry.Body.Span, out EntryFields fields) is not null)
                {
                    return (ResignOutcome.NotAgain, null);
                }

                ISigner signer = retired ?? group.Signer;
                if (fields.KeyId != signer.KeyId)
                {
                    return (ResignOutcome.NotAgain, retired is null ? fields.KeyId : null);
                }

                try
                {
                    EcdsaSignature signature = signer.Sign(entry.Hash);
                    group.Write(file => file.Resign(position, signature));
                    return (ResignOutcome.Signed, null);
                }
                catch (SignerUnavailableException)
                {
                    return (ResignOutcome.NotNow, null);
                }
            },
            _ => (ResignOutcome.NotNow, null)),
        cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string reason, CancellationToken cancellationToken) => Post(
        new AnsweredWork<bool>(
            group =>
            {
                group.StopReason = reason;
                return true;
            },
            _ => false),
        cancellationToken);

    private (UplinkPosition? Unsaved, Anchor? Anchor) TakeAcknowledged()
    {
        lock (_uplinkGate)
        {
            UplinkPosition? unsaved = _unsaved;
            _unsaved = null;
            return (unsaved, _anchor);
        }
    }

    private void GiveBack(UplinkPosition? unsaved)
    {
        lock (_uplinkGate)
        {
            _unsaved ??= unsaved;
            if (_unsaved is not null)
            {
                _saving.Change(SaveDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Called by the timer. If the queue is full or closed, a group is under way and takes the watermark along.</summary>
    private void SaveSoon() => _ = _queue.Writer.TryWrite(new AnsweredWork<bool>(_ => true, _ => false));
}
