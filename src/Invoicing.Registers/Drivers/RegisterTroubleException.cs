namespace Invoicing.Registers.Drivers;

/// <summary>
/// The line is open and the register on it does not do what its protocol says: no answer, another protocol, another speed, a refusal.
/// </summary>
/// <param name="message">One sentence for the person at the till: what was expected, what was found, what to do.</param>
/// <param name="innerException">What lies behind it.</param>
public sealed class RegisterTroubleException(string message, Exception? innerException = null)
    : InvoicingException(message, isTransient: true, innerException);
