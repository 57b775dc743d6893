using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;

namespace Invoicing.Gateway;

/// <summary>Where a gateway stands, at one moment. Immutable.</summary>
public sealed record GatewayStatus
{
    /// <summary>The chain.</summary>
    public required ChainId Chain { get; init; }

    /// <summary>Name of the device, from its enrolment.</summary>
    public required string Device { get; init; }

    /// <summary>The signing key in force.</summary>
    public required KeyStatus Key { get; init; }

    /// <summary>Last entry on the disk.</summary>
    public required long HeadPosition { get; init; }

    /// <summary>Its hash.</summary>
    public required Sha256Hash HeadHash { get; init; }

    /// <summary>Last entry that a verified watermark of the authority covers.</summary>
    public required long Checkpoint { get; init; }

    /// <summary>Last entry that the authority also holds outside its own machine.</summary>
    public required long SafePosition { get; init; }

    /// <summary>The authority's clock in the newest verified watermark; <see langword="null"/> before the first.</summary>
    public required DateTimeOffset? WatermarkTime { get; init; }

    /// <summary>Entries that the authority has not acknowledged.</summary>
    public long Lag => HeadPosition - Checkpoint;

    /// <summary>Age of the oldest of them; zero if there is none.</summary>
    public required TimeSpan LagAge { get; init; }

    /// <summary>
    /// Earliest date of issue among the invoices that the authority has not acknowledged, in GMT+7; <see langword="null"/> if there is none. Of a
    /// backlog of more than some thousand entries the newest may not have been looked at yet.
    /// </summary>
    public required DateOnly? EarliestUnacknowledged { get; init; }

    /// <summary>Whether sales are recorded.</summary>
    public required RecordingStatus Recording { get; init; }

    /// <summary>Whether entries are sent.</summary>
    public required SendingStatus Sending { get; init; }

    /// <summary>What a person should know though nothing stopped, such as a watermark behind the checkpoint; else <see langword="null"/>.</summary>
    public required string? Alarm { get; init; }

    /// <summary>
    /// By what the device is known to the authority, and until when; <see langword="null"/> where there is no identity folder and nothing is sent.
    /// </summary>
    public IdentityStatus? Identity { get; init; }

    /// <summary>Which clock counts.</summary>
    public ClockStatus Clock { get; init; } = new(IsAuthority: false, AuthorityTime: null, Difference: null);

    /// <summary>Records that could not be made an invoice.</summary>
    public required long Held { get; init; }

    /// <summary>Records that came again with other content.</summary>
    public required long Conflicts { get; init; }

    /// <summary>Entries whose latest verdict is a rejection.</summary>
    public required long Parked { get; init; }

    /// <summary>Registers whose line is stopped until a person decides.</summary>
    public required ImmutableArray<string> StoppedRegisters { get; init; }

    /// <summary>The shop's catalogue in force; <see langword="null"/> if there is none.</summary>
    public required Sha256Hash? Catalogue { get; init; }

    /// <summary>Authority codes left.</summary>
    public required long CodesLeft { get; init; }

    /// <summary>Invoice numbers left, by series.</summary>
    public required ImmutableSortedDictionary<string, int> NumbersLeft { get; init; }

    /// <summary>Whether a range is 80 % used, so that the next has to be asked for.</summary>
    public required bool RangesRunLow { get; init; }
}
