using Invoicing.Hashing;

namespace Invoicing.Sales;

/// <summary>What became of a register's record. Each but <see cref="NotNow"/> is durable when it is returned. A closed family.</summary>
public abstract record RecordOutcome
{
    private RecordOutcome()
    {
    }

    /// <summary>An invoice was issued for the sale, now or when the same record first came.</summary>
    /// <param name="Invoice">Code and number for the receipt.</param>
    /// <param name="Lookup">Text for the receipt's lookup QR code.</param>
    public sealed record Issued(PrintedInvoice Invoice, string Lookup) : RecordOutcome;

    /// <summary>The sale is recorded, but could not be made an invoice.</summary>
    /// <param name="Reason">Why, for people.</param>
    /// <param name="IsCodeConflict">Whether it is for the code that the register printed, which is not its own to give.</param>
    public sealed record Held(string Reason, bool IsCodeConflict = false) : RecordOutcome;

    /// <summary>Recorded; no invoice is due.</summary>
    public sealed record Recorded() : RecordOutcome;

    /// <summary>The same key came before with other content: both are kept and the register's line stops.</summary>
    /// <param name="First">Hash of the record that came first.</param>
    public sealed record Conflict(Sha256Hash First) : RecordOutcome;

    /// <summary>Not out of sequence, but missing: the record before this one is not here.</summary>
    /// <param name="Expected">The sequence that must come first.</param>
    public sealed record Gap(ulong Expected) : RecordOutcome;

    /// <summary>Nothing was recorded, because recording is halted for now; the register keeps the sale and tries again.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record NotNow(string Reason) : RecordOutcome;
}
