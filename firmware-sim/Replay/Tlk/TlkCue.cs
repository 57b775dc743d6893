namespace FirmwareSim.Replay.Tlk;

/// <summary>What happens next on a connection: something is said, or something has to have been heard. A closed family.</summary>
/// <param name="Step">The step of the recording at which it was complete, from 1.</param>
/// <param name="Milliseconds">When that was.</param>
internal abstract record TlkCue(int Step, long Milliseconds)
{
    /// <summary>The register says this, bit by bit as it did: a frame that asks for no answer that is waited for, or no frame at all.</summary>
    internal record Said(int Step, long Milliseconds, byte[] Wire) : TlkCue(Step, Milliseconds);

    /// <summary>The register says HELLO: which one of the connection (said twice byte for byte, it is one), and what it states, if that can be read.</summary>
    internal sealed record Hello(int Step, long Milliseconds, byte[] Wire, int Number, byte Txn, RecordedHello? Content) : Said(Step, Milliseconds, Wire)
    {
        public TlkSubject Subject => TlkSubject.OfHello(Number);
    }

    /// <summary>The register says a record, in all its frames.</summary>
    internal sealed record Record(int Step, long Milliseconds, byte[] Wire, RecordedRecord Content) : Said(Step, Milliseconds, Wire);

    /// <summary>By now the gateway has answered.</summary>
    internal sealed record Hear(int Step, long Milliseconds, TlkSubject Subject, TlkAnswer Answer) : TlkCue(Step, Milliseconds);
}
