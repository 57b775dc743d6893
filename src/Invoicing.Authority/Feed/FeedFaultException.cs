namespace Invoicing.Authority.Feed;

/// <summary>What the feed sent does not hold: keep what was received, and ask the authority.</summary>
/// <param name="fault">Where, what was expected and what was found.</param>
internal sealed class FeedFaultException(string fault) : InvoicingException(fault);
