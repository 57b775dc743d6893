namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>A token cannot be used. Its text never holds a PIN.</summary>
/// <param name="trouble">The kind, which decides what happens next.</param>
/// <param name="message">What was expected, what was found, what to do.</param>
internal sealed class TokenException(TokenTrouble trouble, string message) : InvoicingException(message, isTransient: true)
{
    public TokenTrouble Trouble { get; } = trouble;
}
