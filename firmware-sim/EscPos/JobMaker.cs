using System.Globalization;
using FirmwareSim.Baskets;
using FirmwareSim.Failures;
using FirmwareSim.Printing;
using FirmwareSim.Tills;

namespace FirmwareSim.EscPos;

/// <summary>Makes the print jobs of a document. All follows from seed and position, but for the faults.</summary>
internal sealed class JobMaker(PosOptions options, FaultPlan faults)
{
    /// <summary>DLE EOT 1: what a printer would answer if it took image data for a command.</summary>
    private static readonly byte[] StatusRequest = [0x10, 0x04, 0x01];

    private readonly ReceiptLayout _layout = new(options.Template);

    /// <summary>Everything that is printed of this document, in its order.</summary>
    public IReadOnlyList<PrintJob> Of(RungReceipt receipt)
    {
        SeededDraw draw = new(options.Seed, (ulong)receipt.Position);
        (bool hasKitchen, bool hasBill, bool hasCopy) = (draw.Chance(options.SlipPercent), draw.Chance(options.SlipPercent), draw.Chance(options.SlipPercent));
        bool isSale = receipt.Class == ReceiptClass.Sale;
        List<PrintJob> jobs = [];
        if (isSale && hasKitchen)
        {
            jobs.Add(Slip(receipt, ReceiptClass.Kitchen, draw));
        }

        if (isSale && hasBill)
        {
            jobs.Add(Slip(receipt, ReceiptClass.ProForma, draw));
        }

        // What was voided before its total never came to the printer.
        if (receipt.Class == ReceiptClass.Cancelled && !receipt.IsAfterTotal && receipt.Interruption == Interruption.None)
        {
            return jobs;
        }

        jobs.AddRange(Receipt(receipt, draw));
        if (isSale && hasCopy)
        {
            jobs.Add(Slip(receipt, ReceiptClass.Copy, draw));
        }

        return jobs;
    }

    private PrintJob Slip(RungReceipt receipt, ReceiptClass kind, SeededDraw draw)
    {
        JobBuilder job = new JobBuilder().Begin();
        foreach (string line in _layout.Of(receipt, kind, marksCopies: draw.Chance(50)))
        {
            job.Line(line, options.Charset);
        }

        return new PrintJob(kind, job.Cut(draw.Chance(50)).Bytes);
    }

    private IEnumerable<PrintJob> Receipt(RungReceipt receipt, SeededDraw draw)
    {
        byte[] whole = faults.Strikes(Fault.RasterOnly) ? Picture(receipt, draw) : Text(receipt, draw);
        if (receipt.Interruption != Interruption.None)
        {
            // The paper stops in the middle; what was on it is no job that ended.
            yield return new PrintJob(ReceiptClass.Cancelled, whole[..(whole.Length / 2)]);
        }

        if (receipt.Interruption is Interruption.None or Interruption.Continued)
        {
            yield return new PrintJob(receipt.Class, whole);
        }
    }

    private byte[] Picture(RungReceipt receipt, SeededDraw draw)
    {
        const int DotRowsInLine = 24;
        int lines = _layout.Of(receipt, receipt.Class).Count;
        return new JobBuilder().Begin().Image(ReceiptLayout.Width, lines * DotRowsInLine, draw, []).Cut(draw.Chance(50)).Bytes;
    }

    private byte[] Text(RungReceipt receipt, SeededDraw draw)
    {
        JobBuilder job = new JobBuilder().Begin();
        bool hasRequest = faults.Strikes(Fault.DleInRaster);
        if (options.HasLogo || hasRequest)
        {
            job.Justify(1).Image(16, 48, draw, hasRequest ? StatusRequest : []).Justify(0);
        }

        IReadOnlyList<string> lines = _layout.Of(receipt, receipt.Class);
        bool isSwitched = faults.Strikes(Fault.CodePageSwitch);
        for (int i = 0; i < lines.Count; i++)
        {
            bool isTotal = lines[i].StartsWith("TỔNG", StringComparison.Ordinal);
            job.Bold(isTotal).Line(lines[i], isSwitched && i > lines.Count / 2 ? Other(options.Charset) : options.Charset);
        }

        if (receipt.Payments.Any(payment => payment.Means == Means.Transfer) && receipt.Total > 0)
        {
            job.Justify(1).QrCode(VietQr.Of(receipt.Total, string.Create(CultureInfo.InvariantCulture, $"HD{receipt.Number:D6}"))).Justify(0);
        }

        if (receipt.Payments.Any(payment => payment.Means == Means.Cash))
        {
            job.Drawer();
        }

        return job.Cut(draw.Chance(50)).Bytes;
    }

    private static Charset Other(Charset charset) => charset == Charset.Cp1258 ? Charset.Tcvn3 : Charset.Cp1258;
}
