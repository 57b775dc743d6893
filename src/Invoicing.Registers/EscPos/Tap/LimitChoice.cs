namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What a gate does with a receipt whose invoice is not there when the time limit is over. The shop's choice.</summary>
public enum LimitChoice
{
    /// <summary>Prints it with a line that says that it is not invoiced.</summary>
    PrintPlain,

    /// <summary>Prints a slip that says so, and the receipt when its invoice is there.</summary>
    Refuse,
}
