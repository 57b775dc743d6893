using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>A record or gap that was handed to the recorder in this session.</summary>
/// <param name="Ticket">Names it between session and pump.</param>
/// <param name="First">Its sequence, or the gap's first.</param>
/// <param name="Last">Its sequence, or the gap's last.</param>
/// <param name="Hash">Record hash; <see langword="null"/> for a gap, which has no result.</param>
/// <param name="IsRepeat">Whether it was accepted before and only its outcome is asked for.</param>
/// <param name="Since">When it came, in milliseconds.</param>
/// <param name="Outcome">What became of it, once known.</param>
internal sealed record TlkPending(
    int Ticket, ulong First, ulong Last, Sha256Hash? Hash, bool IsRepeat, long Since, RecordOutcome? Outcome = null);
