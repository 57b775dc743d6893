using Invoicing.Catalogues;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <summary>Most characters of a catalogue's source: enough for any file's name.</summary>
    public const int MaxCatalogueSource = 255;

    /// <summary>Puts a version of the shop's catalogue in force: from here on it completes what registers leave empty.</summary>
    /// <remarks>
    /// Every version is kept, for invoices name the one that completed them. The version and an operator's entry that names it are
    /// written in
    /// one transaction: after a crash there are both or neither. A sale whose recording began before this call may still be
    /// completed by the version before it, but none that is recorded behind this one's entry is. An older version that is imported
    /// again is in
    /// force again.
    /// </remarks>
    /// <param name="catalogue">The version.</param>
    /// <param name="source">
    /// Where it comes from, for people: a file's name, a register; 1 to <see cref="MaxCatalogueSource"/> characters. It stands in the
    /// chain.
    /// </param>
    /// <param name="cancellationToken">As for <see cref="IssueAsync"/>.</param>
    /// <returns>Whether it was imported; <see langword="false"/> if it was in force already, and nothing was written.</returns>
    /// <exception cref="NotRecordedException">Recording waits; nothing was imported.</exception>
    /// <exception cref="JournalFailedException">A write failed; nothing is known, and the process is to end.</exception>
    public async Task<bool> ImportCatalogueAsync(ShopCatalogue catalogue, string source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source.Length, MaxCatalogueSource, nameof(source));
        CatalogueImport import = await _recorder.ImportAsync(catalogue, source, cancellationToken).ConfigureAwait(false);
        ThrowIfRefused(import.Refusal);
        return import.IsNew;
    }
}
