namespace Invoicing.Gateway.Journal;

/// <summary>One thing that is wrong in a journal.</summary>
/// <param name="Position">The entry that it was found at; 0 where it is in no entry.</param>
/// <param name="What">Which thing, such as <c>previous hash</c> or <c>register SIM-0001</c>.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Found">What is there.</param>
public sealed record JournalFault(long Position, string What, string Expected, string Found)
{
    /// <summary><c>entry 17, previous hash: expected ab…, found cd…</c>.</summary>
    public override string ToString() =>
        $"{(Position > 0 ? $"entry {Position}, " : string.Empty)}{What}: expected {Expected}, found {Found}";
}
