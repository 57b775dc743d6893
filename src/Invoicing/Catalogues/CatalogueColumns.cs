namespace Invoicing.Catalogues;

/// <summary>Columns of a list of goods and the names that they have in header lines, English and Vietnamese.</summary>
/// <remarks>Names are compared in composed form, without regard to case, with blanks for underscores.</remarks>
internal static class CatalogueColumns
{
    private static readonly Dictionary<string, CatalogueColumn> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["plu"] = CatalogueColumn.Plu,
        ["code"] = CatalogueColumn.Plu,
        ["item code"] = CatalogueColumn.Plu,
        ["mã"] = CatalogueColumn.Plu,
        ["mã hàng"] = CatalogueColumn.Plu,
        ["mã hàng hóa"] = CatalogueColumn.Plu,
        ["mã plu"] = CatalogueColumn.Plu,
        ["barcode"] = CatalogueColumn.BarCode,
        ["bar code"] = CatalogueColumn.BarCode,
        ["ean"] = CatalogueColumn.BarCode,
        ["mã vạch"] = CatalogueColumn.BarCode,
        ["department"] = CatalogueColumn.Department,
        ["dept"] = CatalogueColumn.Department,
        ["quầy"] = CatalogueColumn.Department,
        ["nhóm"] = CatalogueColumn.Department,
        ["nhóm hàng"] = CatalogueColumn.Department,
        ["words"] = CatalogueColumn.Words,
        ["receipt words"] = CatalogueColumn.Words,
        ["tên in"] = CatalogueColumn.Words,
        ["tên trên hóa đơn máy"] = CatalogueColumn.Words,
        ["name"] = CatalogueColumn.Name,
        ["item name"] = CatalogueColumn.Name,
        ["tên"] = CatalogueColumn.Name,
        ["tên hàng"] = CatalogueColumn.Name,
        ["tên hàng hóa"] = CatalogueColumn.Name,
        ["unit"] = CatalogueColumn.Unit,
        ["đvt"] = CatalogueColumn.Unit,
        ["đơn vị"] = CatalogueColumn.Unit,
        ["đơn vị tính"] = CatalogueColumn.Unit,
        ["rate"] = CatalogueColumn.Rate,
        ["tax rate"] = CatalogueColumn.Rate,
        ["vat"] = CatalogueColumn.Rate,
        ["vat rate"] = CatalogueColumn.Rate,
        ["thuế"] = CatalogueColumn.Rate,
        ["thuế suất"] = CatalogueColumn.Rate,
        ["thuế suất gtgt"] = CatalogueColumn.Rate,
        ["nature"] = CatalogueColumn.Nature,
        ["tính chất"] = CatalogueColumn.Nature,
        ["valid from"] = CatalogueColumn.ValidFrom,
        ["from"] = CatalogueColumn.ValidFrom,
        ["từ ngày"] = CatalogueColumn.ValidFrom,
        ["hiệu lực từ"] = CatalogueColumn.ValidFrom,
        ["ngày hiệu lực"] = CatalogueColumn.ValidFrom,
    };

    /// <summary>What a column is; <see langword="null"/> if it is none of ours.</summary>
    public static CatalogueColumn? Of(string header, Func<string, string> compose) =>
        Names.TryGetValue(CatalogueText.Collapse(header.Replace('_', ' '), compose), out CatalogueColumn column) ? column : null;
}
