using Invoicing.Gateway.Journal;

namespace Invoicing.Gateway.Recording;

/// <summary>A group on its way from numbering to commit.</summary>
/// <param name="Group">What is to be written.</param>
/// <param name="Signatures">Its signatures, which are still being made.</param>
/// <param name="Works">Who waits for it.</param>
/// <param name="Uplink">A watermark to be written along; else <see langword="null"/>.</param>
/// <param name="After">The journal's state once it is committed.</param>
/// <param name="Generation">Groups of one generation build on each other: if one is given up, so are those after it.</param>
internal sealed record CommitBatch(
    RecordingGroup Group, SigningRound Signatures, List<JournalWork> Works, UplinkPosition? Uplink, JournalState After, int Generation)
{
    /// <summary>Whether anything has to be written.</summary>
    public bool HasWrites => Group.HasWrites || Uplink is not null;
}
