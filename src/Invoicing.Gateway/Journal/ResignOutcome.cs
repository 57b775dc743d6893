namespace Invoicing.Gateway.Journal;

/// <summary>What came of signing a body again.</summary>
internal enum ResignOutcome
{
    /// <summary>It bears a new signature.</summary>
    Signed,

    /// <summary>
    /// It was signed again before; or its key is no longer in force and is gone: it is kept, where the journal knows its place, until the
    /// authority has all that it signed.
    /// </summary>
    NotAgain,

    /// <summary>The key cannot be used now.</summary>
    NotNow,
}
