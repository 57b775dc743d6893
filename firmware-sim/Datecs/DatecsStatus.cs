using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>The status bytes of §1.4; bit 7 of each is always set.</summary>
internal static class DatecsStatus
{
    private const byte Base = 0x80;
    private const byte JournalFull = 0x04;
    private const byte FiscalReceiptOpen = 0x08;
    private const byte SerialAndTaxNumberSet = 0x06;
    private const byte FormattedFiscalWithRates = 0x1A;

    public static byte[] Of(Till till, IslDialect dialect)
    {
        byte paper = (byte)(Base | (till.IsFull ? JournalFull : 0) | (till.Open is null ? 0 : FiscalReceiptOpen));
        byte[] six = [Base, Base, paper, Base, Base | SerialAndTaxNumberSet, Base | FormattedFiscalWithRates];
        return dialect == IslDialect.X ? [.. six, Base, Base] : six;
    }
}
