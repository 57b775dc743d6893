namespace Invoicing.Sales;

/// <summary>What a register printed from its lease while its line was down, as its record states it. Not judged.</summary>
/// <param name="Lease">The lease that it names.</param>
/// <param name="Printed">Code, series and number on the receipt.</param>
public sealed record LeasedInvoice(ulong Lease, PrintedInvoice Printed);
