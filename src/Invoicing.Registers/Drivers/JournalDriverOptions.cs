using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>Settings of a driver that reads a register's own journal or events.</summary>
public sealed class JournalDriverOptions
{
    /// <summary>The only register welcome on this line; <see langword="null"/> for whichever is there.</summary>
    public RegisterId? Register { get; init; }

    /// <summary>
    /// Whether a register that is met for the first time is read from its beginning. If not, what it rang up before is entered as one gap
    /// that says so: those sales had their invoices elsewhere.
    /// </summary>
    public bool FromBeginning { get; init; }
}
