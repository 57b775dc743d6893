namespace Invoicing.Registers.Datecs.Pull;

/// <summary>What a register answers when it is asked for a document. A closed family.</summary>
internal abstract record JournalAnswer
{
    private JournalAnswer()
    {
    }

    /// <summary>The document.</summary>
    public sealed record Found(JournalDocument Document) : JournalAnswer;

    /// <summary>It has none of this number and will not have.</summary>
    /// <param name="Reason">What was found.</param>
    /// <param name="Next">The next number that it has, where that is known; else 0.</param>
    public sealed record Missing(string Reason, ulong Next = 0) : JournalAnswer;

    /// <summary>Not now: a receipt is open.</summary>
    public sealed record NotNow : JournalAnswer
    {
        public static readonly NotNow Answer = new();
    }
}
