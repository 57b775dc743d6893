using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>What a register had for us, in the order of its journal. A closed family.</summary>
public abstract record Fetched
{
    private Fetched()
    {
    }

    /// <summary>The next record: a receipt, a void, a day close, whatever has a place in the register's own count.</summary>
    /// <param name="Content">The record; its sequence is the one asked for.</param>
    public sealed record Record(RegisterRecord Content) : Fetched;

    /// <summary>Records that the register no longer holds, or that its link lost and cannot say again.</summary>
    /// <param name="First">First missing sequence: the one asked for.</param>
    /// <param name="Last">Last missing sequence.</param>
    /// <param name="Reason">What was found, for the gap entry.</param>
    public sealed record Lost(ulong First, ulong Last, string Reason) : Fetched;

    /// <summary>The register's counters fell back, or its memory was changed: its journal began a new life.</summary>
    /// <param name="Identity">What it is now.</param>
    /// <param name="Reason">What was found, for people.</param>
    public sealed record Reset(RegisterIdentity Identity, string Reason) : Fetched;

    /// <summary>
    /// The register's newest record is behind what is durable here, and nothing says that its journal began a new life: an old image of its
    /// memory was put back. Its line stops until a person decides.
    /// </summary>
    /// <param name="Newest">Its newest record; 0 if it holds none.</param>
    public sealed record Behind(ulong Newest) : Fetched
    {
        /// <summary>What the driver can tell of it and what a person may do; empty where it knows nothing more.</summary>
        public string Advice { get; init; } = string.Empty;
    }
}
