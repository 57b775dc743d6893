using Invoicing.Protos.V1;

namespace Invoicing.Authority.Intake;

/// <summary>One request of a stream as it came; nothing of it is verified. A closed family.</summary>
internal abstract class IntakeFrame
{
    private IntakeFrame()
    {
    }

    /// <summary>The first request.</summary>
    /// <param name="message">As it came.</param>
    public sealed class Greeting(Hello message) : IntakeFrame
    {
        public Hello Message { get; } = message;
    }

    /// <summary>A run of entries.</summary>
    /// <param name="entries">Bodies and signatures, slices of the one buffer that the message was copied to.</param>
    /// <param name="bytes">Bytes of all bodies.</param>
    public sealed class Run(IReadOnlyList<SubmittedItem> entries, int bytes) : IntakeFrame
    {
        public IReadOnlyList<SubmittedItem> Entries { get; } = entries;

        public int Bytes { get; } = bytes;
    }

    /// <summary>The device's ranges run low.</summary>
    /// <param name="wish">What it wants.</param>
    public sealed class Ranges(RangeWish wish) : IntakeFrame
    {
        public RangeWish Wish { get; } = wish;
    }

    /// <summary>The answer to a probe.</summary>
    /// <param name="proof">As it came.</param>
    public sealed class Alive(KeyPossession? proof) : IntakeFrame
    {
        public KeyPossession? Proof { get; } = proof;
    }

    /// <summary>None of them, or bytes that are no message.</summary>
    /// <param name="text">What was expected and what was found.</param>
    public sealed class Unreadable(string text) : IntakeFrame
    {
        public string Text { get; } = text;
    }
}
