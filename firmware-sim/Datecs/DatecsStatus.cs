using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>The status bytes of §1.4; bit 7 of each is always set.</summary>
internal static class DatecsStatus
{
    private const byte Base = 0x80;
    private const byte GeneralError = 0x20;
    private const byte NotAllowed = 0x02;
    private const byte JournalFull = 0x04;
    private const byte FiscalReceiptOpen = 0x08;
    private const byte SerialAndTaxNumberSet = 0x06;
    private const byte FormattedFiscalWithRates = 0x1A;

    public static byte[] Of(Till till, IslDialect dialect, bool isRefused = false)
    {
        byte paper = (byte)(Base | (till.IsFull ? JournalFull : 0) | (till.Open is null ? 0 : FiscalReceiptOpen));
        byte general = (byte)(Base | (isRefused ? GeneralError : 0));
        byte allowed = (byte)(Base | (isRefused ? NotAllowed : 0));
        byte[] six = [general, allowed, paper, Base, Base | SerialAndTaxNumberSet, Base | FormattedFiscalWithRates];
        return dialect == IslDialect.X ? [.. six, Base, Base] : six;
    }
}
