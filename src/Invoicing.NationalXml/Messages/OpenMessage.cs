using System.Collections.Immutable;
using Invoicing.NationalXml.Profiles;

namespace Invoicing.NationalXml.Messages;

/// <summary>A message that is being filled: the bytes of its invoices and who they are.</summary>
internal sealed class OpenMessage(NationalProfile profile) : IDisposable
{
    private readonly MemoryStream _content = new();
    private readonly ImmutableArray<MessagePart>.Builder _parts = ImmutableArray.CreateBuilder<MessagePart>();

    public NationalProfile Profile => profile;

    public int Count => _parts.Count;

    public long Length => _content.Length;

    public ReadOnlySpan<byte> Content => _content.GetBuffer().AsSpan(0, (int)_content.Length);

    public ImmutableArray<MessagePart> Parts => _parts.ToImmutable();

    public void Add(MessagePart part, ReadOnlySpan<byte> invoice)
    {
        _parts.Add(part);
        _content.Write(invoice);
    }

    public void Dispose() => _content.Dispose();
}
