using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Signing;

namespace Invoicing.Gateway.Recording;

/// <content>Changing the key: the last entry of a group, since what follows is signed by another.</content>
internal sealed partial class RecordingGroup
{
    /// <summary>Key in force after the group; the one that signs it until a key change.</summary>
    public ISigner Signer { get; private set; }

    /// <summary>Where the keys lie, with what this group changes.</summary>
    public JournalKeys Keys { get; set; }

    /// <summary>Adds a key change.</summary>
    /// <exception cref="SignerUnavailableException">The new key cannot be used now; nothing was added.</exception>
    public PendingEntry AppendKeyChange(ISigner next)
    {
        PendingEntry entry = Append(EntryContents.KeyChange(next, _head));
        Signer = next;
        return entry;
    }
}
