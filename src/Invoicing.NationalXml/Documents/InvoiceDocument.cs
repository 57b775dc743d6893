using Invoicing.Invoices;

namespace Invoicing.NationalXml.Documents;

/// <summary>An invoice as the law's file has it: texts under the law's element names, in the groups of the file (HDon).</summary>
/// <remarks>What a format has no element for stands in the group's TTKhac under the same name, so it is here like any other value.</remarks>
public sealed class InvoiceDocument
{
    /// <summary>Id of its DLHDon, by which a signature could refer to it.</summary>
    public string Id { get; internal set; } = string.Empty;

    /// <summary>Authority code (MCCQT).</summary>
    public string Code { get; internal set; } = string.Empty;

    /// <summary>Text of the QR code; empty where there is none.</summary>
    public string QrCode { get; internal set; } = string.Empty;

    /// <summary>TTChung: kind, series, number, date.</summary>
    public Fields General { get; } = [];

    /// <summary>TTHDLQuan: the invoice that is put right; empty where none is.</summary>
    public Fields Related { get; } = [];

    /// <summary>NBan.</summary>
    public Fields Seller { get; } = [];

    /// <summary>NMua.</summary>
    public Fields Buyer { get; } = [];

    /// <summary>DSHHDVu.</summary>
    public IReadOnlyList<LineDocument> Lines => LineList;

    /// <summary>THTTLTSuat; empty in a sales invoice.</summary>
    public IReadOnlyList<Fields> RateSums => RateSumList;

    /// <summary>TToan.</summary>
    public Fields Totals { get; } = [];

    internal List<LineDocument> LineList { get; } = [];

    internal List<Fields> RateSumList { get; } = [];

    /// <summary>Kind (KHMSHDon); <see langword="null"/> where the file names none.</summary>
    public InvoiceKind? Kind =>
        General["KHMSHDon"] is { Length: 1 } text && text[0] is >= '1' and <= '9' ? (InvoiceKind)(text[0] - '0') : null;

    /// <summary>Whether both say the same in every element.</summary>
    public bool HasSame(InvoiceDocument other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Id == other.Id && Code == other.Code && QrCode == other.QrCode && General.HasSame(other.General)
            && Related.HasSame(other.Related) && Seller.HasSame(other.Seller) && Buyer.HasSame(other.Buyer) && Totals.HasSame(other.Totals)
            && Lines.Count == other.Lines.Count
            && Lines.Zip(other.Lines).All(pair => pair.First.Fields.HasSame(pair.Second.Fields) && pair.First.Special.HasSame(pair.Second.Special))
            && RateSums.Count == other.RateSums.Count && RateSums.Zip(other.RateSums).All(pair => pair.First.HasSame(pair.Second));
    }
}
