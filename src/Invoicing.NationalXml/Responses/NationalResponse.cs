using System.Collections.Immutable;

namespace Invoicing.NationalXml.Responses;

/// <summary>What the authority, or who transmits for it, says of a message.</summary>
public abstract record NationalResponse
{
    private NationalResponse()
    {
    }

    /// <summary>Its own id (MTDiep).</summary>
    public required string Id { get; init; }

    /// <summary>Id of the message that it is about (MTDTChieu, or what its content names).</summary>
    public required string About { get; init; }

    /// <summary>MLTDiep: 999, 204 or 301.</summary>
    public abstract string Type { get; }

    /// <summary>999: the message came, or it cannot be read.</summary>
    public sealed record Receipt : NationalResponse
    {
        /// <inheritdoc/>
        public override string Type => "999";

        /// <summary>Whether it was taken; its invoices are judged later, by a 204.</summary>
        public required bool IsTaken { get; init; }

        /// <summary>Why not; empty where it was taken.</summary>
        public required ImmutableArray<ResponseReason> Reasons { get; init; }
    }

    /// <summary>204, form 01/TB-KTDL: the data of a message 206 was checked.</summary>
    public sealed record Checked : NationalResponse
    {
        /// <inheritdoc/>
        public override string Type => "204";

        /// <summary>LTBao.</summary>
        public required CheckOutcome Outcome { get; init; }

        /// <summary>Why invoices, or the whole message, were rejected; empty where all is in order.</summary>
        public required ImmutableArray<ResponseReason> Reasons { get; init; }
    }

    /// <summary>301, form 01/TB-SSĐT: a notice on wrong invoices was taken or not.</summary>
    public sealed record NoticeAnswered : NationalResponse
    {
        /// <inheritdoc/>
        public override string Type => "301";

        /// <summary>What of each invoice; where it names none, one answer without a name for all.</summary>
        public required ImmutableArray<NoticeAnswer> Answers { get; init; }
    }
}
