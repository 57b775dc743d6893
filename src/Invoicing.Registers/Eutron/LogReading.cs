using Invoicing.Hashing;
using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Eutron;

/// <summary>
/// How far the log of one register is read. It outlives connections, as the register's own pointer does, so that a bad line makes progress; it
/// is gone with the process, and what is remembered then is <see cref="EutronMemory"/>. One thread at a time.
/// </summary>
internal sealed class LogReading
{
    /// <summary>Records that are read twice after a damaged frame: one of 256 such frames passes its sum.</summary>
    public const int Wary = 2_000;

    private ReceiptMark? _met;
    private ReceiptMark? _lastKnown;
    private bool _isLastKnownSeen;

    /// <summary>What is remembered of the register; newer than what is on disk by what was dealt with since it was written.</summary>
    public EutronMemory? Memory { get; set; }

    /// <summary>Whether a connection of this process read of the log.</summary>
    public bool HasTalked { get; set; }

    /// <summary>The receipt under way.</summary>
    public ReceiptAssembler Assembler { get; } = new();

    /// <summary>What was accepted when the line went, and of which the register may not know it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Uncertain { get; set; } = [];

    /// <summary>Receipts that were dealt with; <see langword="null"/> until they were loaded.</summary>
    public KnownReceipts? Index { get; set; }

    /// <summary>The log without its contents, while it is read for the first time.</summary>
    public LogSurvey? Survey { get; set; }

    /// <summary>Whether the log is to be read from its head, and the register has not heard of it for certain.</summary>
    public bool IsRewindDue { get; set; }

    /// <summary>Whether what is read now began at the log's head and did not come to its end since.</summary>
    public bool IsFromHead { get; private set; }

    /// <summary>
    /// Whether the log was read once from its head to its end and the receipt that was dealt with last, the anchor, was not in it: then what is
    /// not known there is looked at in its order, and else only what stands behind the anchor.
    /// </summary>
    public bool IsAnchorGone { get; private set; }

    /// <summary>Whether the anchor came since the log's head.</summary>
    public bool IsAnchorSeen { get; private set; }

    /// <summary>Whether the receipt that was dealt with last but one came as the last one that is known: the anchor is to come next.</summary>
    public bool IsAnchorNext { get; private set; }

    /// <summary>Whether any receipt that was dealt with came since the log's head.</summary>
    public bool IsKnownSeen { get; private set; }

    /// <summary>
    /// Whether what comes now is looked at, and not passed over because it stands before a receipt that was dealt with: receipts are dealt with in
    /// the log's order. Where the anchor is not in the log, the last one that is known there takes its place.
    /// </summary>
    public bool IsBehindKnown => !IsFromHead || IsAnchorSeen || (IsAnchorGone && _isLastKnownSeen);

    /// <summary>The receipt that was dealt with last, as it was read; <see langword="null"/> if that was before this process began.</summary>
    public LogReceipt? Last { get; private set; }

    /// <summary>Whether receipts that are not known were passed over since the log's head, because the anchor may come behind them.</summary>
    public bool HasPassedOver { get; set; }

    /// <summary>The record that is read a second time.</summary>
    public ReadOnlyMemory<byte>? First { get; set; }

    /// <summary>Records that are still to be read twice.</summary>
    public int WaryFor { get; set; }

    /// <summary>Content of a receipt that does not add up, and how often one was found.</summary>
    public (Sha256Hash Hash, int Count) Doubt { get; set; }

    /// <summary>
    /// Content of a receipt that was handed over although another one is recorded under its number: once is enough, the recorder keeps it.
    /// </summary>
    public Sha256Hash Conflicting { get; set; }

    /// <summary>Names of articles.</summary>
    public ArticleNames? Names { get; set; }

    /// <summary>Begins at the log's head.</summary>
    /// <param name="isAnchorGone">Whether the last reading from the head did not meet the anchor.</param>
    public void FromHead(bool isAnchorGone)
    {
        _lastKnown = isAnchorGone ? _lastKnown : null;
        _isLastKnownSeen = _lastKnown is null;
        _met = null;
        Assembler.Reset();
        Uncertain = [];
        IsRewindDue = true;
        IsFromHead = true;
        IsAnchorGone = isAnchorGone;
        (IsAnchorSeen, IsAnchorNext, IsKnownSeen, HasPassedOver) = (false, false, false, false);
        First = null;
    }

    /// <summary>The log's end came without the anchor: from its head again, and what stands behind the last receipt that is known is looked at.</summary>
    public void FromHeadWithoutAnchor()
    {
        _lastKnown = _met;
        FromHead(isAnchorGone: true);
    }

    /// <summary>A receipt came that was dealt with before.</summary>
    /// <param name="mark">Its mark, as it was dealt with or as it was read now.</param>
    /// <param name="behind">How many were dealt with after it; -1 if many.</param>
    public void Known(ReceiptMark mark, int behind)
    {
        _met = mark;
        _isLastKnownSeen |= _lastKnown is not { } last || last.Key == mark.Key;
        IsKnownSeen = true;
        IsAnchorSeen |= behind == 0;
        IsAnchorNext = behind == 1;
    }

    /// <summary>A receipt was dealt with: it is the anchor now.</summary>
    public void DealtWith(LogReceipt receipt)
    {
        Last = receipt;
        (IsKnownSeen, IsAnchorSeen, IsAnchorNext) = (true, true, false);
        Doubt = default;
    }

    /// <summary>The log's end: what comes from now on was not there when the reading began.</summary>
    public void AtEnd() => (IsFromHead, IsAnchorGone) = (false, false);
}
