namespace Invoicing.Chain;

/// <summary>Which signatures of a run a verifier checks.</summary>
public enum SignatureDepth
{
    /// <summary>The last of the run, and every opening and key change.</summary>
    LastOfRun,

    /// <summary>Every one.</summary>
    Every,
}
