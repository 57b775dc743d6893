namespace Invoicing.Catalogues;

/// <summary>What an item is found by. The numbers stand in hashed bytes and never change.</summary>
public enum CatalogueKeyKind
{
    /// <summary>Number of the goods in the register's price list (<see cref="Sales.SaleLine.Code"/>).</summary>
    Plu = 1,

    /// <summary>Bar code (<see cref="Sales.SaleLine.Code"/>).</summary>
    BarCode = 2,

    /// <summary>Department that a line was rung up in (<see cref="Sales.SaleLine.Department"/>).</summary>
    Department = 3,

    /// <summary>The words on the receipt (<see cref="Sales.SaleLine.Name"/>).</summary>
    Words = 4,
}
