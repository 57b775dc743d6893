namespace Invoicing.Registers.Eutron.Records;

/// <summary>Types of a log record: bits 0 to 4 of FunN. The numbers are the register's.</summary>
internal enum FlowType
{
    /// <summary>Nothing that is known.</summary>
    Unknown = 0,
    Department = 2,
    Plu = 3,
    End = 4,
    NoAdd = 5,
    Operator = 6,
    Tend = 7,
    Lock = 8,
    DiscountPercent = 9,
    SubtotalPercent = 10,
    DiscountAmount = 11,
    SubtotalAmount = 12,
    Register = 13,
    Subtotal = 14,
    Message = 15,
    SlipEnd = 16,
    InsertCard = 17,
    RefreshCard = 18,
    PriceList = 19,
    EcrNumber = 20,
    TotalVoid = 21,
    TableClose = 22,
    TableOpen = 23,
    TableTransfer = 24,
    PaidOut = 25,
    NetId = 26,
    Tax = 27,
}
