using System.Collections.Immutable;

namespace FirmwareSim.Tills;

/// <summary>One document of a register, as the register's own book keeps it: the truth that everything else is compared with.</summary>
/// <param name="Position">Place in the book, from 1 without a gap, over all registers that used this line.</param>
/// <param name="Register">The serial number of the register that rang it up.</param>
/// <param name="Z">Number of the day that was open, from 1.</param>
/// <param name="Number">Receipt number as printed; it wraps, and a day close may reset it.</param>
/// <param name="Class">What it is.</param>
/// <param name="Opened">When it was begun, by the register's own clock, local.</param>
/// <param name="Time">Closing time by the register's own clock, local.</param>
/// <param name="Cashier">Who, with accents.</param>
/// <param name="Lines">What.</param>
/// <param name="Discount">Taken off the whole, in whole đồng.</param>
/// <param name="DiscountHundredths">The same in hundredths of a percent.</param>
/// <param name="Payments">How it was paid.</param>
/// <param name="Total">Whole đồng; of a cancelled receipt what it would have come to.</param>
/// <param name="Refers">Number of the receipt that it gives back or copies.</param>
/// <param name="Interruption">What a power failure did to it.</param>
/// <param name="IsAfterTotal">Of a cancelled one: voided when the total was there already.</param>
internal sealed record RungReceipt(
    long Position,
    string Register,
    long Z,
    long Number,
    ReceiptClass Class,
    DateTime Opened,
    DateTime Time,
    string Cashier,
    ImmutableArray<RungLine> Lines,
    long Discount,
    int DiscountHundredths,
    ImmutableArray<RungPayment> Payments,
    long Total,
    long? Refers = null,
    Interruption Interruption = Interruption.None,
    bool IsAfterTotal = false)
{
    /// <summary>The sum of the lines, before the discount on the whole.</summary>
    public long Subtotal => Total + Discount;

    /// <summary>Whether it counts as a sale.</summary>
    public bool IsSold => Class is ReceiptClass.Sale or ReceiptClass.Refund;
}
