using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>What one stream, and all together, may ask of intake, and why.</summary>
internal static class IntakeLimits
{
    /// <summary>Version of the protocol. Source: <c>intake.proto</c>, Hello.protocol.</summary>
    public const int Protocol = 1;

    /// <summary>Most entries of a batch. Source: <c>intake.proto</c>, Batch.</summary>
    public const int BatchEntries = 1_024;

    /// <summary>Most bytes of bodies and signatures of a batch. Source: <c>intake.proto</c>, Batch.</summary>
    public const int BatchBytes = 1 << 20;

    /// <summary>Most bytes of a message, checked before it is buffered: a full batch, and three attachments of full size beside it.</summary>
    public const int MessageBytes = 4 << 20;

    /// <summary>Entries unanswered per stream: sixteen batches of 256 keep verify and commit busy at 40,000 entries a second.</summary>
    public const int WindowEntries = 4_096;

    /// <summary>Bytes of bodies unanswered per stream: the entries of a full window are 2.5 MB on average.</summary>
    public const int WindowBytes = 4 << 20;

    /// <summary>Runs of one stream between verification and commit: one that commits, one that waits, one that was just verified.</summary>
    public const int RunsUnderWay = 3;

    /// <summary>How long a stream may take to answer its challenge: a token signs in a tenth of a second, a bad line takes some more.</summary>
    public static readonly TimeSpan GreetingTime = TimeSpan.FromSeconds(20);

    /// <summary>Streams at a time: each takes 60-100 KB with its connection; above it the caller is told to try again later.</summary>
    public const int Streams = 8_000;

    /// <summary>Bytes that all streams together may have buffered: above it they wait, which their peers see as a full window.</summary>
    public const long BufferedBytes = 128L << 20;

    /// <summary>Most bytes of an enrolment record in a hello.</summary>
    public const int EnrolmentBytes = EnrolmentGrant.MaxLength;

    /// <summary>Verdicts of one message. Source: <c>intake.proto</c>, Verdicts.</summary>
    public const int VerdictsPerMessage = 256;

    /// <summary>Longest text of a refusal or verdict. Source: <c>intake.proto</c>, Refusal.text.</summary>
    public const int Text = EntryContents.MaxText;
}
