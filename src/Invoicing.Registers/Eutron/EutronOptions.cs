using System.Collections.Immutable;
using System.Text;
using Invoicing.Registers.Drivers;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <summary>Settings of a driver for Eutron ER-220, ER-260 and their like.</summary>
public sealed class EutronOptions
{
    /// <summary>Where articles begin in a register of the family: row 10,001 is the first.</summary>
    public const int DefaultPluTable = 10_001;

    /// <summary>
    /// What the register is called; <see langword="null"/>: <c>EUTRON-n</c> after its ECR number, which must then differ from that of every
    /// other register of the shop.
    /// </summary>
    public RegisterId? Register { get; init; }

    /// <inheritdoc cref="JournalDriverOptions.FromBeginning"/>
    public bool FromBeginning { get; init; }

    /// <summary>Whether the register speaks the TCP dialect (port 7000) and not that of a serial line.</summary>
    public bool IsTcp { get; init; }

    /// <summary>
    /// Number of the table of articles. Above 10,000 it is the first article's row, and rows are asked for by their numbers; below, a whole
    /// table.
    /// </summary>
    public int PluTable { get; init; } = DefaultPluTable;

    /// <summary>
    /// Whether each new record is refused once and compared with how it comes again, on a serial line. The sum of a frame has 8 bits, so one of
    /// 256 damaged frames passes it. The register shows an error for each refused record, so by default this is done only for the next 2,000
    /// records after a frame that came damaged.
    /// </summary>
    public bool ReadsTwice { get; init; }

    /// <summary>What the register's tender keys mean, from the first; keys beyond the list count as <see cref="PaymentMeans.Other"/>.</summary>
    public ImmutableArray<PaymentMeans> Tenders { get; init; } = [PaymentMeans.Cash];

    /// <summary>Code page of the names in the register's tables. Vietnamese builds write without accents, which every code page has.</summary>
    public Encoding NameEncoding { get; init; } = Encoding.Latin1;

    /// <summary>Pause between two questions when there was nothing new: so short that the ring does not run over, so long that a till does not notice.</summary>
    public TimeSpan PollPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a reply is waited for. A frame of 255 bytes takes 2.2 s at 1,200 baud, for which three times as long is waited.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How old the names may be before they are read again at a quiet moment.</summary>
    public TimeSpan NamesLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What is wrong with the options, as <c>key: expected, found</c>; <see langword="null"/> if nothing.</summary>
    public string? Fault() => this switch
    {
        { PluTable: < 0 or > ushort.MaxValue } => $"PluTable: expected 0..65535, found {PluTable}",
        { Tenders: { IsDefault: true } } => "Tenders: expected a list, found none",
        { Tenders: var tenders } when tenders.Any(means => !Enum.IsDefined(means)) => "Tenders: expected means of payment, found another number",
        { NameEncoding: null } => "NameEncoding: expected a code page, found none",
        { PollPause: var pause } when pause < TimeSpan.FromMilliseconds(100) || pause > TimeSpan.FromMinutes(10) =>
            $"PollPause: expected 0.1 s to 10 min, found {pause}",
        { ReplyLimit: var limit } when limit < TimeSpan.FromMilliseconds(100) || limit > TimeSpan.FromSeconds(30) =>
            $"ReplyLimit: expected 0.1 s to 30 s, found {limit}",
        { NamesLifetime: var life } when life < TimeSpan.FromSeconds(10) || life > TimeSpan.FromDays(1) =>
            $"NamesLifetime: expected 10 s to 1 day, found {life}",
        _ => null,
    };
}
