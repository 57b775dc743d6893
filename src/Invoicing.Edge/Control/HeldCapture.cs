using System.Collections.Immutable;
using Invoicing.Edge.Captures;
using Invoicing.Edge.Hosting;
using Invoicing.Gateway;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Edge.Control;

/// <summary>A held print, read again by the template that is in force now.</summary>
internal static class HeldCapture
{
    /// <summary>Reads it, and takes its receipt number, so that no other print of the same receipt is invoiced as well.</summary>
    /// <param name="host">The service.</param>
    /// <param name="till">The till that printed it.</param>
    /// <param name="held">Its entry.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sale; its key is the record's.</returns>
    /// <exception cref="InvoicingException">It is not there any more, is still no sale, or was invoiced by another print.</exception>
    public static async Task<Sale> ReadAsync(EdgeHost host, CapturedTill till, HeldRecord held, CancellationToken cancellationToken)
    {
        KeptCapture piece = await FindAsync(host, held, cancellationToken);
        ReceiptReading reading = till.Read(piece, till.Template).Reading;
        if (reading is not { Class: CaptureClass.Sale, Key: { } key })
        {
            throw new InvoicingException(
                $"entry {held.Position} is capture {piece.Number} of {till.Register}, in which the template still finds no sale: {reading.Text}; put the template right and start the service again, or give the right sale with --sale FILE");
        }

        long owner = await host.Gateway.Captures.ClaimReceiptAsync(till.Register, piece.Number, key, cancellationToken);
        return owner == piece.Number
            ? reading.ToSale(held.Key, hash: null)
            : throw new InvoicingException(
                $"entry {held.Position} is capture {piece.Number} of {till.Register}, a print of receipt {reading.Number}, which is capture {owner}: it is not invoiced a second time; 'captures show {owner}' shows that one");
    }

    private static async Task<KeptCapture> FindAsync(EdgeHost host, HeldRecord held, CancellationToken cancellationToken)
    {
        ICaptureBook book = await host.Gateway.Captures.OpenAsync(held.Key.Register, cancellationToken);
        ImmutableArray<KeptCapture> found = book.Epoch == held.Key.Epoch
            ? await book.ReadRecordsAsync(held.Key.Sequence - 1, limit: 1, cancellationToken)
            : [];
        return !found.IsEmpty && found[0].RecordSequence == held.Key.Sequence
            ? found[0]
            : throw new InvoicingException(
                $"the capture of entry {held.Position} is not kept any more ('captures_kept' says how long they are): give the right sale with --sale FILE");
    }
}
