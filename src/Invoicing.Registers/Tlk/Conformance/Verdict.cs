namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>What came of a case.</summary>
internal enum Verdict
{
    Pass,
    Fail,

    /// <summary>The register does not claim what the case is about, or the run left it out.</summary>
    NotApplicable,
}
