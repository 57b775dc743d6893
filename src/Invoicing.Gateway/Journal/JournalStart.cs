using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>What a new journal begins with.</summary>
/// <param name="Enrolment">The grant it rests on.</param>
/// <param name="Opening">Its first entry.</param>
internal sealed record JournalStart(EnrolmentGrant Enrolment, SignedEntry Opening)
{
    /// <summary>Where the key that signed it lies.</summary>
    public JournalKeys Keys { get; init; } = JournalKeys.None;
}
