using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Calls and looks that tests of recording share.</summary>
internal static class RecordCalls
{
    internal static RegisterHello Hello(ulong epoch = TestShop.Epoch, ulong newest = 0, ulong acknowledged = 0) =>
        new(TestShop.Register, epoch, newest == 0 ? 0UL : 1UL, newest, acknowledged);

    internal static Task<RecordOutcome> Record(InvoicingGateway gateway, RegisterRecord record) => gateway.RecordAsync(record, default).Soon();

    internal static Task<RecordOutcome> Gap(InvoicingGateway gateway, ulong first, ulong last) =>
        gateway.RecordGapAsync(TestShop.Key(first), last, "the register's ring was overwritten", default).Soon();

    internal static void AssertAttached(TestShop shop, SignedEntry entry, ReadOnlyMemory<byte> content)
    {
        using var reader = JournalReader.Open(shop.JournalPath);
        StoredAttachment attachment = Assert.Single(reader.ReadAttachments(entry.Position));
        Assert.Equal(content.ToArray(), attachment.Content.ToArray());
        var commitment = Sha256Hash.Of(attachment.Salt.Span, content.Span);
        Assert.True(entry.Body.Span.IndexOf(commitment.ToArray()) > 0, "the entry does not name the attachment's commitment");
    }
}
