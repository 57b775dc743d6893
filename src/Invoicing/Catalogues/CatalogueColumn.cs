namespace Invoicing.Catalogues;

/// <summary>Columns of a list of goods.</summary>
internal enum CatalogueColumn
{
    Plu,
    BarCode,
    Department,
    Words,
    Name,
    Unit,
    Rate,
    Nature,
    ValidFrom,
}
