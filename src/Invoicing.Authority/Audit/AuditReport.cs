namespace Invoicing.Authority.Audit;

/// <summary>What a check of the whole ledger found.</summary>
internal sealed class AuditReport
{
    /// <summary>Faults that are told: behind the first ones nothing new is learned.</summary>
    public const int MaxFaults = 100;

    private readonly List<string> _faults = [];

    /// <summary>Entries read.</summary>
    public long Entries { get; set; }

    /// <summary>Commits read.</summary>
    public long Commits { get; set; }

    /// <summary>Chains found.</summary>
    public long Chains { get; set; }

    /// <summary>Verdicts verified.</summary>
    public long Verdicts { get; set; }

    /// <summary>Each: where, what was expected, what was found.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether so much is wrong that reading on is of no use.</summary>
    public bool IsFull => _faults.Count >= MaxFaults;

    /// <summary>Notes a fault.</summary>
    public void Add(string fault)
    {
        if (!IsFull)
        {
            _faults.Add(fault);
        }
    }
}
