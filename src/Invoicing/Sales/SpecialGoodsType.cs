namespace Invoicing.Sales;

/// <summary>Sorts of special goods (LHHDTrung). The numbers are the law's, stand in signed bytes and never change.</summary>
public enum SpecialGoodsType
{
    /// <summary>A vehicle, known by chassis and engine.</summary>
    Vehicle = 1,

    /// <summary>Transport, known by the number plate.</summary>
    Transport = 2,

    /// <summary>Freight.</summary>
    Freight = 3,

    /// <summary>Land.</summary>
    Land = 4,
}
