namespace Invoicing.Signing;

/// <summary>The signing key cannot be used now. Transient: the sale waits until the key is back.</summary>
/// <param name="message">Which key, what happened, what to do.</param>
/// <param name="innerException">What the provider said.</param>
public sealed class SignerUnavailableException(string message, Exception? innerException = null)
    : InvoicingException(message, isTransient: true, innerException);
