namespace Invoicing.Gateway.Journal;

/// <summary>What came of signing a body again.</summary>
internal enum ResignOutcome
{
    /// <summary>It bears a new signature.</summary>
    Signed,

    /// <summary>It was signed again before, or under a key that is no longer in force.</summary>
    NotAgain,

    /// <summary>The key cannot be used now.</summary>
    NotNow,
}
