namespace Invoicing.NationalXml.Messages;

/// <summary>Between whom messages go.</summary>
/// <remarks>
/// To the authority itself: <c>V</c> or <c>K</c> and the digits of the sender's tax code, without a dash, and <c>TCT</c>. To the transmitting
/// organisation (T-VAN): the bare digits of both tax codes. Source: Decision 1271/QĐ-CT, Part I.IV.5 and Part IV.
/// </remarks>
public sealed record MessageParties
{
    /// <summary>Takes both sides as they stand in the envelope.</summary>
    /// <param name="sender">MNGui, such as <c>V0107001729001</c> or <c>0107001729</c>.</param>
    /// <param name="receiver">MNNhan, such as <c>TCT</c> or <c>0100109106</c>.</param>
    /// <param name="solutionProvider">Tax code of who made the software (MSTTCGP); empty to leave it out.</param>
    /// <exception cref="InvoicingException">One is of another form.</exception>
    public MessageParties(string sender, string receiver, string solutionProvider = "")
    {
        Sender = Require(sender, "sender (MNGui)");
        Receiver = Require(receiver, "receiver (MNNhan)");
        SolutionProvider = solutionProvider;
    }

    /// <summary>MNGui.</summary>
    public string Sender { get; }

    /// <summary>MNNhan.</summary>
    public string Receiver { get; }

    /// <summary>MSTTCGP; empty for none.</summary>
    public string SolutionProvider { get; }

    private static string Require(string code, string what)
    {
        ArgumentNullException.ThrowIfNull(code);
        string digits = code is ['V' or 'K', ..] ? code[1..] : code;
        return code == "TCT" || (digits.Length is 10 or 12 or 13 && !digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            ? code
            : throw new InvoicingException($"expected as {what} TCT, or 10, 12 or 13 digits of a tax code without a dash, V or K before them or none, found '{code}'");
    }
}
