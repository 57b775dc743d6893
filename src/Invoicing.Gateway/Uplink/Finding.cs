namespace Invoicing.Gateway.Uplink;

/// <summary>What can be found amiss, or in order, between a journal and its authority (design.md 5.4).</summary>
internal enum Finding
{
    /// <summary>No network, or the authority is busy, fenced this stream, or says what it cannot prove.</summary>
    NoConnection,

    /// <summary>The journal has entry n with the watermark's hash.</summary>
    SameHistory,

    /// <summary>The watermark is ahead of the journal, or has another hash at n.</summary>
    ForeignHistory,

    /// <summary>The watermark is behind the checkpoint: the authority lost something.</summary>
    AuthorityBehind,

    /// <summary>An entry was refused for its signature; its body and links are good.</summary>
    SignatureRefused,

    /// <summary>The same entry was refused for its signature after it had been signed again.</summary>
    SignatureRefusedAgain,

    /// <summary>An entry was refused: link, gap, malformed, key, opening, seal.</summary>
    EntryRefused,

    /// <summary>An entry breaks an invoicing rule.</summary>
    RuleBroken,

    /// <summary>A write or fsync of the journal failed.</summary>
    WriteFailed,

    /// <summary>The journal is damaged.</summary>
    JournalDamaged,

    /// <summary>The clock is not plausible, or the key or token is absent.</summary>
    ClockOrKey,
}
