using System.Collections.Immutable;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <summary>Puts an invoice right: replaces it, takes goods back, or notes the right buyer.</summary>
    /// <remarks>
    /// A correction is no register's record: it is entered under a line of this device's own. It is not repeatable by a key; that an invoice is
    /// replaced once, and no more given back than was sold, is the rules' part.
    /// </remarks>
    /// <param name="request">What, and how.</param>
    /// <param name="cancellationToken">As for <see cref="IssueAsync"/>.</param>
    /// <exception cref="CorrectionRefusedException">The law, or what is recorded, forbids it; nothing was recorded.</exception>
    /// <exception cref="NotRecordedException">Recording waits or is stopped; nothing was recorded.</exception>
    /// <exception cref="Journal.JournalFailedException">A write failed; nothing is known, and the process is to end.</exception>
    public async Task<IssuedCorrection> CorrectAsync(CorrectionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(request.Reason, nameof(request));
        CheckContent(request.Sale, request.Buyer);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        CorrectionResult result = await _recorder.CorrectAsync(request, cancellationToken).ConfigureAwait(false);
        ThrowIfRefused(result.Reason);
        return result.Faults.Length > 0
            ? throw new CorrectionRefusedException(request.Corrected, result.Faults)
            : new(result.Correction!, result.Entry!.Signed!, result.Correction!.Invoice is { } invoice ? LookupText.Of(invoice) : string.Empty);
    }

    /// <summary>Sales that are held, in the order of the chain, with the record as the register wrote it.</summary>
    /// <param name="most">Most that are read, 1 to 10,000: a shop that holds more has one cause, which the first ones show.</param>
    public ImmutableArray<HeldRecord> ReadHeld(int most = 1_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, 10_000);
        using var reader = JournalReader.Open(_options.JournalPath);
        return reader.ReadHeld(most);
    }

    /// <summary>Makes the invoice of a held sale: the catalogue knows its goods by now, or a person put it right.</summary>
    /// <remarks>
    /// The record keeps its place: the same record of the register gets this invoice from now on. The invoice is dated by the rules of any
    /// sale. What the register recorded is not changed; it stays with the hole.
    /// </remarks>
    /// <param name="position">Entry of the hole.</param>
    /// <param name="sale">The sale as it is to be judged; its key and hash are the record's.</param>
    /// <param name="cancellationToken">As for <see cref="IssueAsync"/>.</param>
    /// <exception cref="SaleHeldException">It still breaks a rule; it stays held.</exception>
    /// <exception cref="NotRecordedException">Recording waits or is stopped; nothing was recorded.</exception>
    public async Task<IssuedInvoice> ResolveHeldAsync(long position, Sale sale, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sale);
        CheckContent(sale, sale.Buyer);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        CorrectionResult result = await _recorder.ResolveAsync(position, sale, cancellationToken).ConfigureAwait(false);
        ThrowIfRefused(result.Reason);
        return result.Invoice is { } invoice
            ? new(invoice, result.Entry!.Signed!, LookupText.Of(invoice))
            : throw new SaleHeldException(sale.Key, string.Join("; ", result.Faults));
    }

    /// <summary>A caller's mistake is told to the caller: on the writer's thread it would end recording for everybody.</summary>
    private static void CheckContent(Sale? sale, Buyer? buyer)
    {
        _ = sale is null ? null : SaleContent.Of(sale);
        _ = EntryAttachment.OfBuyer(buyer ?? sale?.Buyer);
    }
}
