using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Keys;
using Invoicing.Sales;
using Invoicing.Signing;

namespace Invoicing.Gateway;

/// <summary>What a gateway is opened with. Defaults stand here and nowhere else; all is checked once, when it is opened.</summary>
public sealed record GatewayOptions
{
    /// <summary>Acknowledgements of the last entries are waited for at most this long when the gateway closes: a till's user waits with it.</summary>
    public static readonly TimeSpan DefaultDrainTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Ten years: how long accounting documents are kept (Decree 174/2016/NĐ-CP, Art. 13; Accounting Law 88/2015/QH13, Art. 41).</summary>
    public static readonly TimeSpan DefaultAttachmentRetention = TimeSpan.FromDays(3653);

    /// <summary>A first try after this long, then twice as long each time up to <see cref="DefaultReconnectCap"/>, with jitter.</summary>
    public static readonly TimeSpan DefaultReconnectDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>An authority that is back is met again within half a minute; ten thousand devices then ask 300 times a second, which it bears.</summary>
    public static readonly TimeSpan DefaultReconnectCap = TimeSpan.FromSeconds(30);

    /// <summary>Ten minutes: longer than any buyer stands at a till to be named, and the register's line waits as long.</summary>
    public static readonly TimeSpan MaxBuyerHold = TimeSpan.FromMinutes(10);

    /// <summary>The journal's file. Its folder must exist, on a local disk. Beside it lie its log, its lock and, by default, the signing key.</summary>
    public required string JournalPath { get; init; }

    /// <summary>
    /// What the authority handed to this device. Needed for a new journal and for sending; without it an existing journal records and
    /// does not send.
    /// </summary>
    public ClientBundle? Bundle { get; init; }

    /// <summary>
    /// Folder of the device's identity, as <see cref="Enrolment.DeviceEnrolment"/> made it: certificates and transport key, which renew
    /// themselves there. Instead of <see cref="Bundle"/>; where both are given and the folder holds none yet, the bundle becomes the identity,
    /// and renews itself from then on if the authority lets it. A bundle alone is never written to and ends with its certificate.
    /// </summary>
    public string? IdentityPath { get; init; }

    /// <summary>Where the authority's intake listens, <c>https://host:port</c>; <see langword="null"/>: record only, send nothing.</summary>
    public Uri? Authority { get; init; }

    /// <summary>Name and version of the program, at most 100 characters: it stands in the chain's opening and in each hello.</summary>
    public string Software { get; init; } = "Invoicing.Gateway";

    /// <summary>Registers that the operator states to be new: the authority need not be asked for their history.</summary>
    public ImmutableArray<RegisterId> NewRegisters { get; init; } = [];

    /// <summary>Whether the operator states that every register not in the journal is new, as in a shop that has just been founded.</summary>
    public bool EveryRegisterIsNew { get; init; }

    /// <summary>
    /// The chain's signing key, if it is not the file beside the journal (a token); the gateway disposes it.
    /// </summary>
    public ISigner? Signer { get; init; }

    /// <summary>
    /// Where the signing key lies, or is made for a new journal; <see langword="null"/>: a file, the journal's path with <c>.key</c> after it.
    /// After a rotation the journal knows better and is asked first.
    /// </summary>
    public KeyLocation? SigningKey { get; init; }

    /// <summary>What opens keys: the files of secret and PIN, the token maker's library.</summary>
    public KeyOptions Keys { get; init; } = new();

    /// <summary>How long attachments are to be kept after they were recorded.</summary>
    public TimeSpan AttachmentRetention { get; init; } = DefaultAttachmentRetention;

    /// <summary>Longest wait for acknowledgements when the gateway closes; zero to close at once.</summary>
    public TimeSpan DrainTimeout { get; init; } = DefaultDrainTimeout;

    /// <summary>
    /// How long a sale without buyer waits for a person to state one (<see cref="InvoicingGateway.StateBuyerAsync"/>), for registers
    /// that cannot
    /// ask who buys; at most <see cref="MaxBuyerHold"/>. Zero, the default: not at all. The register is not answered meanwhile and
    /// keeps the sale,
    /// so a crash loses nothing; sales that it rings up behind it wait with it.
    /// </summary>
    public TimeSpan BuyerHold { get; init; }

    /// <summary>
    /// Codes and numbers that registers may print while their line is down; <see langword="null"/>, the default: none. Only registers that
    /// say they can are given any.
    /// </summary>
    public LeaseOptions? Leases { get; init; }

    /// <summary>First wait before the authority is tried again.</summary>
    public TimeSpan ReconnectDelay { get; init; } = DefaultReconnectDelay;

    /// <summary>Longest wait before the authority is tried again.</summary>
    public TimeSpan ReconnectCap { get; init; } = DefaultReconnectCap;

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of jitter, 0 up to but not 1; <see langword="null"/>: the system's random numbers.</summary>
    public Func<double>? Jitter { get; init; }
}
