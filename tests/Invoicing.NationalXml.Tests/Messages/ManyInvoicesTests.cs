using Invoicing.NationalXml.Messages;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Messages;

public sealed class ManyInvoicesTests(TestSeller seller) : IClassFixture<TestSeller>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Some_thousands_of_invoices_make_messages_that_xmlsec_finds_good_one_by_one()
    {
        const int Invoices = 4_000;
        string trusted = PeerTools.SaveTrusted(_folder, seller.Root);
        int count = 0;
        foreach (BatchItem item in TestMessages.Writer(seller.Key).Write(Enumerable.Range(1, Invoices).Select(n => TestInvoices.Make(n))))
        {
            SignedMessage message = TestMessages.Ready(item);
            string path = PeerTools.Save(_folder, message);
            (bool isGood, string said) = PeerTools.XmlSec(path, trusted);
            Assert.True(isGood, said);
            Assert.True(message.Bytes.Length <= InvoiceMessages.MaxBytes);
            count += message.Parts.Length;
            File.Delete(path);
        }

        Assert.Equal(Invoices, count);
    }
}
