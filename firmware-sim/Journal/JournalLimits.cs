namespace FirmwareSim.Journal;

/// <summary>How much a register's journal holds.</summary>
/// <param name="Capacity">Most records; when they are used up and none may be reused, the register refuses to sell.</param>
/// <param name="Retention">Acknowledged records that are always kept, so that a gateway that lost them can ask for them again.</param>
internal sealed record JournalLimits(int Capacity = JournalLimits.DefaultCapacity, int Retention = JournalLimits.LeastRetention)
{
    /// <summary>TLK/1 §6: at least the last 10,000 acknowledged records.</summary>
    public const int LeastRetention = 10_000;

    /// <summary>10,000 kept and 40,000 unacknowledged: a month of a busy supermarket till without its gateway; about 25 MB.</summary>
    public const int DefaultCapacity = 50_000;

    /// <summary>Records that must be droppable before the file is rewritten, so that this is rare: a twentieth, at least one.</summary>
    public int DropStep => Math.Max(1, Capacity / 20);
}
