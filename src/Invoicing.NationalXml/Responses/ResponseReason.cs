namespace Invoicing.NationalXml.Responses;

/// <summary>One reason of a rejection.</summary>
/// <param name="Code">MLoi; empty where none is given. What codes there are was not published.</param>
/// <param name="Text">In words (MTLoi or MTa), without the invoice's name.</param>
/// <param name="Advice">What to do about it (HDXLy); empty where nothing is said.</param>
/// <param name="Invoice">Which invoice; <see langword="null"/> where the reason names none.</param>
public sealed record ResponseReason(string Code, string Text, string Advice, InvoiceName? Invoice)
{
    /// <summary><c>1001: Sai tổng tiền</c>.</summary>
    public override string ToString() => Code.Length == 0 ? Text : $"{Code}: {Text}";
}
