namespace Invoicing.Authority.Ledger;

/// <summary>Reads one state of the ledger for as long as it is open, also while a server goes on writing.</summary>
internal interface ILedgerAuditReader : ILedgerReader
{
    /// <summary>Rows in the order of their indexes.</summary>
    IReadOnlyList<AuditRow> ReadRows(long from, int limit);

    /// <summary>All chains.</summary>
    IEnumerable<AuditChain> ReadChains();

    /// <summary>All lines with their gaps.</summary>
    IEnumerable<AuditLine> ReadLines();

    /// <summary>What the engine finds wrong with its own file; empty if nothing.</summary>
    IReadOnlyList<string> CheckFile();
}
