using System.Collections.Immutable;
using Invoicing.Catalogues;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>Drafts invoices of sales whose lines the shop's catalogue completes.</summary>
public static class CatalogueDrafting
{
    /// <summary>Puts Vietnamese text into composed form: the one place that catalogues are given it from.</summary>
    public static Func<string, string> Compose { get; } = VietnameseText.Compose;

    /// <summary>Completes a sale by a catalogue, judges it and drafts its invoice. Pure: safe on any thread.</summary>
    /// <remarks>
    /// The date of issue comes first: it decides which of a catalogue's items count. Without a catalogue this is
    /// <see cref="InvoiceDrafting.Draft"/>. A draft names the catalogue if it completed a line. The faults are those of the catalogue
    /// first,
    /// and then whatever else is wrong with the sale, so that a person sees all at once.
    /// </remarks>
    /// <param name="sale">What was rung up.</param>
    /// <param name="catalogue">The version in force; <see langword="null"/> if the shop has none.</param>
    /// <param name="seller">Who sold.</param>
    /// <param name="kind">Kind of invoice that the device issues.</param>
    /// <param name="recordedAt">Now, by our clock.</param>
    /// <param name="clockDifference">As for <see cref="InvoiceDrafting.Draft"/>.</param>
    /// <param name="recovered">As for <see cref="InvoiceDrafting.Draft"/>.</param>
    public static DraftResult Draft(
        Sale sale,
        ShopCatalogue? catalogue,
        Seller seller,
        InvoiceKind kind,
        DateTimeOffset recordedAt,
        TimeSpan? clockDifference = null,
        PrintedInvoice? recovered = null)
    {
        ArgumentNullException.ThrowIfNull(sale);
        if (catalogue is null)
        {
            return InvoiceDrafting.Draft(sale, seller, kind, recordedAt, clockDifference, recovered);
        }

        DateOnly issuedOn = VietnamTime.IssueDate(sale.ClosedAt, sale.Clock, clockDifference, recordedAt, out _);
        InvoiceKind issued = recovered is not null && AuthorityCode.TryParse(recovered.Code, out AuthorityCode code) ? code.Kind : kind;
        CatalogueCompletion completion = catalogue.Complete(sale, issuedOn, InvoiceRules.IsWithoutVat(issued));
        DraftResult result = InvoiceDrafting.Draft(completion.Sale, seller, kind, recordedAt, clockDifference, recovered);
        if (!completion.Faults.IsEmpty)
        {
            return new DraftResult.Faulty(Join(completion.Faults, (result as DraftResult.Faulty)?.Faults ?? []));
        }

        return result is DraftResult.Drafted drafted && completion.IsCompleted
            ? new DraftResult.Drafted(drafted.Draft with { Catalogue = catalogue.Hash })
            : result;
    }

    /// <summary>Fills what the register left empty, without judging anything: for goods that come back.</summary>
    /// <param name="sale">What was rung up.</param>
    /// <param name="catalogue">The version in force; <see langword="null"/> if the shop has none.</param>
    /// <param name="kind">Kind of invoice that the device issues.</param>
    /// <param name="day">Day by which the catalogue is read.</param>
    public static Sale Complete(Sale sale, ShopCatalogue? catalogue, InvoiceKind kind, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(sale);
        return catalogue is null ? sale : catalogue.Complete(sale, day, InvoiceRules.IsWithoutVat(kind)).Sale;
    }

    /// <summary>The catalogue's faults, and of the rules' own those that do not say the same of the same place.</summary>
    private static ImmutableArray<RuleFault> Join(ImmutableArray<CatalogueFault> faults, ImmutableArray<RuleFault> judged)
    {
        var told = faults.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. faults.Select(fault => new RuleFault(fault.RuleId, fault.Path, fault.Expected, fault.Found)),
            .. judged.Where(fault => !told.Contains(fault.Path)),
        ];
    }
}
