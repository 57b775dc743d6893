using System.Globalization;
using Invoicing.Invoices;

namespace Invoicing.Vietnam;

/// <summary>The sentence that a correcting invoice must bear.</summary>
/// <remarks>Source: Circular 91/2026/TT-BTC, Art. 10: "Thay thế cho hóa đơn Mẫu số… ký hiệu… số… ngày… tháng… năm…".</remarks>
public static class CorrectionText
{
    /// <summary>Writes the sentence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A notice, which makes no invoice.</exception>
    public static string Of(CorrectionType type, CorrectedInvoice corrected)
    {
        ArgumentNullException.ThrowIfNull(corrected);
        string verb = type switch
        {
            CorrectionType.Replacement => "Thay thế cho",
            CorrectionType.Adjustment => "Điều chỉnh cho",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "expected a replacement or an adjustment"),
        };
        DateOnly date = corrected.IssuedOn;

        // Days below 10 and the months 1 and 2 bear a zero: Decree 30/2020/NĐ-CP, Annex I.
        string month = date.Month.ToString(date.Month < 3 ? "00" : "0", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{verb} hóa đơn Mẫu số {(int)corrected.Kind} ký hiệu {corrected.Series} số {corrected.Number} ngày {date.Day:00} tháng {month} năm {date.Year}");
    }
}
