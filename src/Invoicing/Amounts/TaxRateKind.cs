namespace Invoicing.Amounts;

/// <summary>The kinds of VAT treatment that the law names for a line. The numbers stand in signed bytes and never change.</summary>
public enum TaxRateKind
{
    /// <summary>0, 5, 8 or 10 %.</summary>
    Percent = 0,

    /// <summary>Not subject to VAT (KCT).</summary>
    NotSubject = 1,

    /// <summary>Neither declared nor paid (KKKNT).</summary>
    NotDeclared = 2,

    /// <summary>Any other percentage (KHAC).</summary>
    Other = 3,
}
