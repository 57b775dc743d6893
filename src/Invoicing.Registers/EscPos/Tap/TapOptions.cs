using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Settings of a tap on one till's printer.</summary>
public sealed record TapOptions
{
    /// <summary>Longest that a customer should stand before a printer that does nothing.</summary>
    public static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a job is over: tills that print line by line pause for up to a second between lines.</summary>
    public static readonly TimeSpan DefaultIdleLimit = TimeSpan.FromSeconds(3);

    /// <summary>Name of the till or printer in the configuration: its serial as a register.</summary>
    public required RegisterId Register { get; init; }

    /// <summary>How it stands between till and printer.</summary>
    public TapMode Mode { get; init; }

    /// <summary>How the printer lays out text.</summary>
    public PageOptions Page { get; init; } = new();

    /// <summary>How the shop's receipts are printed; <see langword="null"/> while there is no template: jobs are kept and nothing is invoiced.</summary>
    public ReceiptTemplate? Template { get; init; }

    /// <summary>How the tap itself prints.</summary>
    public BlockOptions Block { get; init; } = new();

    /// <summary>How long a gate holds a receipt, from its last byte: 0.5 to 60 s.</summary>
    public TimeSpan TimeLimit { get; init; } = DefaultTimeLimit;

    /// <summary>What a gate does then.</summary>
    public LimitChoice AtLimit { get; init; }

    /// <summary>
    /// Whether a gate asks the printer behind each receipt (<c>GS r 1</c>) and believes only its answer: a receipt that the printer lost is printed
    /// again as a whole. For printers that answer; with one that does not, nothing is printed behind the first receipt, and the status says so.
    /// </summary>
    public bool ConfirmsPaper { get; init; }

    /// <summary>Silence after which a job is over: 0.2 to 60 s.</summary>
    public TimeSpan IdleLimit { get; init; } = DefaultIdleLimit;

    /// <summary>
    /// Whether jobs end by silence, or by the till hanging up, because the printer has no cutter. Where it has one, a job without a cut is torn.
    /// </summary>
    public bool JobsEndWithoutCut { get; init; }

    /// <summary>Whether opening the drawer ends a job.</summary>
    public bool PulseEndsJob { get; init; }

    /// <summary>Whether the till is hung up on when the printer goes, as over TCP; a serial till keeps its line.</summary>
    public bool HangUpWithPrinter { get; init; }

    /// <summary>What is wrong with the settings, or <see langword="null"/>.</summary>
    public string? Fault() => Page.Fault() ?? Block.Fault()
        ?? (TimeLimit < TimeSpan.FromMilliseconds(500) || TimeLimit > TimeSpan.FromSeconds(60) ? $"expected a time limit of 0.5 to 60 s, found {TimeLimit}"
        : IdleLimit < TimeSpan.FromMilliseconds(200) || IdleLimit > TimeSpan.FromSeconds(60) ? $"expected an idle limit of 0.2 to 60 s, found {IdleLimit}"
        : null);
}
