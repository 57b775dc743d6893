namespace Invoicing.Vietnam;

/// <summary>How well a rule of deadlines is known. It stands beside the deadline wherever that is shown.</summary>
public enum DeadlineCertainty
{
    /// <summary>The clause of the law was seen.</summary>
    Seen,

    /// <summary>Existing programs and the authority's guides keep to it; the clause itself was not found.</summary>
    Practice,

    /// <summary>Nobody verified it.</summary>
    Unverified,
}
