namespace Invoicing.NationalXml.Messages;

/// <summary>What a notice on wrong invoices says of the office it goes to.</summary>
/// <param name="TaxOfficeCode">Code of the tax office (MCQT), 5 characters.</param>
/// <param name="TaxOfficeName">Its name (TCQT), at most 100 characters.</param>
/// <param name="Place">Place of writing (DDanh), at most 50 characters.</param>
public sealed record NoticeSettings(string TaxOfficeCode, string TaxOfficeName, string Place);
