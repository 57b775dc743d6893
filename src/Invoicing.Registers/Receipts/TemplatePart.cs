namespace Invoicing.Registers.Receipts;

/// <summary>Lines of a receipt that a template knows by one pattern each. The key in the template's file is the name with a small first letter.</summary>
public enum TemplatePart
{
    /// <summary>The last line before the goods; without it goods may stand from the first line.</summary>
    Start,

    /// <summary>The first line that is read no more: advertising, a customer's second copy.</summary>
    End,

    /// <summary>A line that ends the goods, where no total, subtotal, tax or discount does.</summary>
    ItemsEnd,

    /// <summary>A discount on the goods above it: group <c>discount</c>.</summary>
    ItemDiscount,

    /// <summary>A discount on the whole receipt: group <c>amount</c>.</summary>
    ReceiptDiscount,

    /// <summary>What the goods come to: group <c>amount</c>.</summary>
    Subtotal,

    /// <summary>Tax of one rate or of all: group <c>amount</c>.</summary>
    Tax,

    /// <summary>What is to be paid: group <c>amount</c>.</summary>
    Total,

    /// <summary>Money given back: group <c>amount</c>.</summary>
    Change,

    /// <summary>The receipt's number: group <c>number</c>.</summary>
    Number,

    /// <summary>The receipt's date: group <c>date</c>.</summary>
    Date,

    /// <summary>The receipt's time: group <c>time</c>.</summary>
    Time,

    /// <summary>Who sold: group <c>cashier</c>.</summary>
    Cashier,

    /// <summary>Says that this is a copy.</summary>
    Copy,

    /// <summary>Says that this is an order for the kitchen or the bar.</summary>
    Kitchen,

    /// <summary>Says that this is a bill before payment.</summary>
    ProForma,

    /// <summary>Says that this is no receipt at all: a report, a cash slip.</summary>
    Other,
}
