using System.Collections.Immutable;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Invoices;
using Invoicing.Vietnam;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <summary>Where the gateway stands. Cheap enough to be asked a few times a second; after <see cref="DisposeAsync"/> the last standing.</summary>
    public GatewayStatus Status
    {
        get
        {
            JournalState state = _recorder.State;
            UplinkPosition acknowledged = _recorder.Acknowledged;
            LinkStatus? link = _link?.Status;
            return new()
            {
                Chain = state.Chain,
                Device = state.Enrolment.Device,
                Key = KeyStatusOf(state),
                HeadPosition = state.Head.Position,
                HeadHash = state.Head.Hash,
                Checkpoint = acknowledged.Checkpoint,
                SafePosition = acknowledged.SafePosition,
                WatermarkTime = _recorder.Anchor is { } anchor ? DateTimeOffset.FromUnixTimeMilliseconds(anchor.LedgerTime) : null,
                LagAge = LagAge(state, acknowledged.Checkpoint),
                EarliestUnacknowledged = _dates.Earliest(acknowledged.Checkpoint),
                Recording = RecordingOf(state),
                Sending = link?.Sending ?? new(SendingState.Off, "no authority is configured"),
                Alarm = link?.Alarm,
                Identity = _identity?.Status,
                Clock = new(
                    _clock.Source == ClockSource.Authority, _clock.Authority.Now is { } heard ? DateTimeOffset.FromUnixTimeMilliseconds(heard) : null,
                    _clock.Difference),
                Held = state.Held,
                Conflicts = state.Conflicts,
                Parked = state.Parked,
                StoppedRegisters = [.. state.Lines.Values.Where(line => line.Stopped is not null && !line.IsRetired)
                    .Select(line => $"{line.Key}: {line.Stopped}").Order(StringComparer.Ordinal)],
                Catalogue = state.Catalogue?.Hash,
                CodesLeft = state.Ranges.Codes.Sum(cursor => cursor.Left),
                NumbersLeft = NumbersLeft(state.Ranges),
                RangesRunLow = state.Ranges.CodesRunLow() || state.Ranges.NumbersRunLow(VietnamTime.DateOf(_clock.GetUtcNow()).Year % 100),
            };
        }
    }

    private static ImmutableSortedDictionary<string, int> NumbersLeft(RangeAllocation ranges) => ranges.Numbers
        .GroupBy(cursor => cursor.Range.Series.ToString(), StringComparer.Ordinal)
        .ToImmutableSortedDictionary(series => series.Key, series => series.Sum(cursor => cursor.Left), StringComparer.Ordinal);

    private RecordingStatus RecordingOf(JournalState state)
    {
        if (Completion.IsFaulted)
        {
            return new(
                RecordingState.Stopped, Completion.Exception!.InnerException!.Message, Consequence.Of(Finding.WriteFailed).WayOut);
        }

        return state.Uplink.Stopped is { } stopped ? new(RecordingState.Stopped, stopped, Consequence.Of(Finding.ForeignHistory).WayOut)
            : _recorder.Waiting is { } waiting ? new(RecordingState.Waiting, waiting, Consequence.Of(Finding.ClockOrKey).WayOut)
            : RecordingStatus.On;
    }

    /// <summary>Age of the oldest entry that is not acknowledged, by the time it was recorded.</summary>
    private TimeSpan LagAge(JournalState state, long checkpoint)
    {
        if (checkpoint >= state.Head.Position)
        {
            return TimeSpan.Zero;
        }

        long recordedAt = _statusReader.RecordedAt(checkpoint + 1) ?? state.Head.RecordedAt;
        TimeSpan age = _clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(recordedAt);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
