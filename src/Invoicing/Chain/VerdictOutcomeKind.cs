namespace Invoicing.Chain;

/// <summary>The authority's judgement. The numbers are those of <c>statement.proto</c>, VerdictOutcome.</summary>
public enum VerdictOutcomeKind
{
    /// <summary>In order.</summary>
    Accepted = 1,

    /// <summary>Breaks a rule: parked until a person decides; never blocks the chain.</summary>
    Rejected = 2,

    /// <summary>Of a format newer than the authority knows.</summary>
    NotJudged = 3,
}
