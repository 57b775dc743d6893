using System.Text;
using Invoicing.Invoices;

namespace Invoicing.Chain;

/// <summary>An invoice's content, serialised but for code, series and number: what a caller's thread can do before its turn.</summary>
/// <remarks>Immutable. <see cref="Number"/> gives the bytes that <see cref="InvoiceContents.From"/> would; a test holds the two together.</remarks>
public sealed class UnnumberedInvoice
{
    private const int CodeField = 2;
    private const int SeriesField = 3;
    private const int NumberField = 4;

    /// <summary>Tag and length of code and series, their characters, tag and at most four bytes of the number.</summary>
    private const int MaxIdentity = 2 + AuthorityCode.Length + 2 + InvoiceSeries.Length + 1 + 4;

    private readonly byte[] _content;
    private readonly int _identityAt;

    internal UnnumberedInvoice(byte[] content)
    {
        _content = content;
        var reader = new WireReader(content);
        if (!reader.TryReadTag(out _, out int wireType) || !reader.TrySkip(wireType))
        {
            throw new ArgumentException("expected an invoice's content that begins with its record, found other bytes", nameof(content));
        }

        _identityAt = reader.At;
    }

    /// <summary>The whole content.</summary>
    /// <param name="identity">Code, series and number.</param>
    public EntryContent Number(in InvoiceIdentity identity)
    {
        Span<byte> fields = stackalloc byte[MaxIdentity];
        Span<byte> text = stackalloc byte[AuthorityCode.Length];
        var writer = new WireWriter(fields);
        writer.WriteBytesField(CodeField, text[..Encoding.ASCII.GetBytes(identity.Code.ToString(), text)]);
        writer.WriteBytesField(SeriesField, text[..Encoding.ASCII.GetBytes(identity.Series.ToString(), text)]);
        writer.WriteVarintField(NumberField, (ulong)identity.Number);
        byte[] bytes = new byte[_content.Length + writer.Length];
        _content.AsSpan(0, _identityAt).CopyTo(bytes);
        fields[..writer.Length].CopyTo(bytes.AsSpan(_identityAt));
        _content.AsSpan(_identityAt).CopyTo(bytes.AsSpan(_identityAt + writer.Length));
        return new(EntryKind.Invoice, bytes);
    }
}
