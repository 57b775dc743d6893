namespace Invoicing.Registers.Receipts;

/// <summary>What a captured piece turned out to be. The numbers are stored and never change.</summary>
public enum CaptureClass
{
    /// <summary>Not judged yet.</summary>
    Unjudged = 0,

    /// <summary>A receipt that reads well and was not seen before: a sale.</summary>
    Sale = 1,

    /// <summary>A receipt whose number was seen before.</summary>
    Reprint = 2,

    /// <summary>A receipt that says of itself that it is a copy.</summary>
    Copy = 3,

    /// <summary>An order for the kitchen or the bar.</summary>
    Kitchen = 4,

    /// <summary>A bill before it is paid (<i>phiếu tạm tính</i>).</summary>
    ProForma = 5,

    /// <summary>Pictures only: nothing to read.</summary>
    ImageOnly = 6,

    /// <summary>Commands that are not known, or too long: what was printed is not certain.</summary>
    Untrusted = 7,

    /// <summary>The line ended in the middle of it.</summary>
    Torn = 8,

    /// <summary>A receipt whose lines do not add up to its total.</summary>
    TotalsDiffer = 9,

    /// <summary>A receipt without a number, so that a reprint could not be told from it.</summary>
    NoReceiptNumber = 10,

    /// <summary>No receipt: a report, a test page, an opened drawer.</summary>
    Other = 11,

    /// <summary>Looks like a receipt, and the template does not read it.</summary>
    NotRead = 12,
}
