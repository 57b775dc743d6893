namespace Invoicing.Gateway;

/// <summary>Nothing was recorded: recording waits or is stopped. The caller keeps the sale and tries again.</summary>
/// <param name="reason">Why, and what to do.</param>
public sealed class NotRecordedException(string reason) : InvoicingException($"nothing was recorded: {reason}", isTransient: true);
