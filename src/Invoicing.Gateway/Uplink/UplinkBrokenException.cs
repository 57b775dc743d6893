namespace Invoicing.Gateway.Uplink;

/// <summary>A stream to the authority ended; another is opened after a while.</summary>
/// <param name="message">Why.</param>
/// <param name="innerException">What the network said.</param>
internal sealed class UplinkBrokenException(string message, Exception? innerException = null)
    : InvoicingException(message, isTransient: true, innerException);
