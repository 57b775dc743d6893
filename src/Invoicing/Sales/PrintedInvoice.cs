namespace Invoicing.Sales;

/// <summary>Code and number that a customer may already hold on paper: never issued a second time, never replaced.</summary>
/// <param name="Code">The 23-character authority code.</param>
/// <param name="Series">Series of six characters (KHHDon).</param>
/// <param name="Number">Invoice number (SHDon), 1..99,999,999.</param>
public sealed record PrintedInvoice(string Code, string Series, int Number);
