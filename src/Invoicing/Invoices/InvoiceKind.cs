namespace Invoicing.Invoices;

/// <summary>Kinds of invoice (KHMSHDon). The numbers are the law's, stand in signed bytes and in every code, and never change.</summary>
/// <remarks>Source: Circular 91/2026/TT-BTC, Annex I.</remarks>
public enum InvoiceKind
{
    /// <summary>VAT invoice (<i>hóa đơn giá trị gia tăng</i>).</summary>
    Vat = 1,

    /// <summary>Sales invoice, of sellers without VAT deduction (<i>hóa đơn bán hàng</i>).</summary>
    Sales = 2,

    /// <summary>Sale of public assets.</summary>
    PublicAsset = 3,

    /// <summary>Sale of national reserve goods.</summary>
    NationalReserve = 4,

    /// <summary>Tickets, stamps, cards and other kinds.</summary>
    Other = 5,

    /// <summary>Warehouse and delivery slips.</summary>
    WarehouseSlip = 6,

    /// <summary>Commercial invoice.</summary>
    Commercial = 7,

    /// <summary>VAT invoice joined with a receipt of fees.</summary>
    VatWithFees = 8,

    /// <summary>Sales invoice joined with a receipt of fees.</summary>
    SalesWithFees = 9,
}
