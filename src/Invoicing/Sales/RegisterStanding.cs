namespace Invoicing.Sales;

/// <summary>Where a register's line of records stands with the gateway. A closed family.</summary>
public abstract record RegisterStanding
{
    private RegisterStanding()
    {
    }

    /// <summary>The line is open: the next record is <paramref name="LastDurable"/> + 1.</summary>
    /// <param name="LastDurable">Highest sequence of this epoch that is durable; 0 if none.</param>
    public sealed record Open(ulong LastDurable) : RegisterStanding
    {
        /// <summary>
        /// Whether nothing of this register was ever recorded, here or by another device, in this epoch or another: what it holds was rung up
        /// before it was connected.
        /// </summary>
        public bool IsFirstContact { get; init; }
    }

    /// <summary>Not known yet, because the authority has not answered; the register is to wait (BUSY).</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Waiting(string Reason) : RegisterStanding;

    /// <summary>The epoch is over: a newer journal of the same register has been welcomed.</summary>
    public sealed record Retired() : RegisterStanding
    {
        /// <summary>The epoch that took its place, so that a driver that counts a register's lives finds the current one; 0 if it is not known.</summary>
        public ulong CurrentEpoch { get; init; }
    }

    /// <summary>The line is stopped until a person decides.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Stopped(string Reason) : RegisterStanding;
}
