using Invoicing.Gateway.Journal;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Recording;

/// <summary>What is to be done with a record. A closed family.</summary>
internal abstract record RecordDecision
{
    private RecordDecision()
    {
    }

    /// <summary>It is new and next: enter it.</summary>
    public sealed record Enter : RecordDecision
    {
        public static Enter Instance { get; } = new();
    }

    /// <summary>It was recorded before: give the first outcome again.</summary>
    public sealed record Repeat(StoredRecord First) : RecordDecision;

    /// <summary>Its key was recorded with other content: keep both and stop the line.</summary>
    public sealed record Conflict(Sha256Hash First, long? Position) : RecordDecision;

    /// <summary>The same conflict was kept before: nothing new to keep.</summary>
    public sealed record KnownConflict(Sha256Hash First) : RecordDecision;

    /// <summary>Another device recorded it before this chain began.</summary>
    public sealed record Elsewhere : RecordDecision
    {
        public static Elsewhere Instance { get; } = new();
    }

    /// <summary>The record before it is missing.</summary>
    public sealed record Gap(ulong Expected) : RecordDecision;

    /// <summary>Nothing is taken from this line now.</summary>
    public sealed record Refuse(string Reason) : RecordDecision;
}
