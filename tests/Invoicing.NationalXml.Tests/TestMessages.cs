using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Profiles;
using Invoicing.NationalXml.Signatures;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests;

/// <summary>Messages as the product makes them, with ids and times that a test can foretell.</summary>
public static class TestMessages
{
    public static MessageParties Parties { get; } = new("V0107001729", "TCT", "0312270160");

    public static InvoiceMessages Writer(MessageKey key, string? version = null, int most = InvoiceMessages.MaxInvoices, int seed = 1) => new(
        TestSeller.Seller, Parties, version is null ? ProfileSchedule.Law : ProfileSchedule.Always(NationalProfile.Of(version)), key,
        new SeededRandomness(seed), new ManualTime(new(2026, 7, 2, 14, 20, 0, TimeSpan.Zero)), most);

    /// <summary>Makes messages of invoices of which none is left out.</summary>
    public static SignedMessage[] Make(MessageKey key, IEnumerable<NationalInvoice> invoices, string? version = null, int most = InvoiceMessages.MaxInvoices) =>
        [.. Writer(key, version, most).Write(invoices).Select(Ready)];

    public static SignedMessage Ready(BatchItem item) => item switch
    {
        BatchItem.Ready ready => ready.Content,
        BatchItem.LeftOut left => throw new InvalidOperationException($"{left.Part}: {string.Join("; ", left.Faults)}"),
        _ => throw new InvalidOperationException(),
    };
}
