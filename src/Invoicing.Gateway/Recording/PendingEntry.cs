using Invoicing.Chain;
using Invoicing.Gateway.Journal;

namespace Invoicing.Gateway.Recording;

/// <summary>An entry of a group under way: numbered and hashed, signed a little later.</summary>
/// <param name="unsigned">The entry.</param>
/// <param name="attachments">What travels beside it.</param>
internal sealed class PendingEntry(UnsignedEntry unsigned, IReadOnlyList<StoredAttachment> attachments)
{
    private SignedEntry? _signed;

    public UnsignedEntry Unsigned { get; } = unsigned;

    public IReadOnlyList<StoredAttachment> Attachments { get; } = attachments;

    /// <summary>Set when it is signed, by any thread.</summary>
    public SignedEntry? Signed
    {
        get => Volatile.Read(ref _signed);
        set => Volatile.Write(ref _signed, value);
    }
}
