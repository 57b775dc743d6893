namespace Invoicing.Registers.EscPos.Tokens;

/// <summary>How much is known of a command's length.</summary>
internal enum MeasureState
{
    /// <summary>All.</summary>
    Total,

    /// <summary>More bytes are needed.</summary>
    Needs,

    /// <summary>The command is not in the table.</summary>
    Unknown,
}
