using Invoicing.Chain;

namespace Invoicing.Gateway.Recording;

/// <content>Further ranges, as the uplink brings them.</content>
internal sealed partial class Recorder
{
    /// <inheritdoc/>
    public Task<string?> NoteAsync(RangeGrant grant, SignedRangeGrant statement, CancellationToken cancellationToken) =>
        Post(new AnsweredWork<string?>(group => group.Note(grant, statement), refusal => refusal), cancellationToken);
}
