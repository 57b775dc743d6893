namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Names of what a tap counts.</summary>
internal static class TapCounters
{
    internal const string Jobs = "jobs";
    internal const string Torn = "torn jobs";
    internal const string PrintedPlain = "printed without invoice at the time limit";
    internal const string Refused = "refused at the time limit";
    internal const string IssuedLate = "invoiced after the receipt was printed";
    internal const string PassedUnheld = "too long to be held";
    internal const string LostCapture = "captures lost";
    internal const string NotKept = "jobs that could not be kept";
    internal const string PaperUnsure = "receipts that may not be on paper";
    internal const string PrintedAgain = "printed again after the printer went";
}
