namespace FirmwareSim.Eutron;

/// <summary>FunN of a log record, bits 0 to 4 (§3.1).</summary>
internal enum RecordType : byte
{
    Department = 2,
    Plu = 3,
    End = 4,
    Operator = 6,
    Tender = 7,
    LineDiscount = 9,
    SubtotalDiscount = 10,
    LineAmount = 11,
    SubtotalAmount = 12,
    Register = 13,
    EcrNumber = 20,
    TotalVoid = 21,
    NetId = 26,
}
