using System.Collections.Immutable;
using Invoicing.Invoices;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Tests.Scenarios;

/// <summary>What the product makes of a scenario.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Faults">As <c>VN-TOTAL-2 at Total</c>, in the order in which they are told.</param>
/// <param name="Invoice">Numbered by the scenario's number; <see langword="null"/> where there are faults.</param>
/// <param name="Correction">What the invoice puts right; <see langword="null"/> for a first invoice.</param>
public sealed record ScenarioRun(Scenario Scenario, ImmutableArray<string> Faults, Invoice? Invoice, Correction? Correction)
{
    public static ScenarioRun Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        (Seller seller, string block, string letters) = ScenarioFolder.Seller(scenario.Seller);
        Invoice? original = scenario.Correction is { } wrong ? Of(ScenarioFolder.Read(wrong.Of)).Invoice! : null;
        DraftResult result = Draft(scenario, seller, original);
        ImmutableArray<RuleFault> faults = result is DraftResult.Faulty faulty ? faulty.Faults : [];
        InvoiceDraft? draft = (result as DraftResult.Drafted)?.Draft;
        if (draft is not null && original is not null)
        {
            faults = CorrectionRules.Judge(
                scenario.Correction!.Type, CorrectedInvoice.Of(original, null), scenario.Correction.Reason, draft, original,
                [.. scenario.Correction.Before.Select(number => Of(ScenarioFolder.Read(number)).Correction!)]);
        }

        if (draft is null || !faults.IsEmpty)
        {
            return new(scenario, [.. faults.Select(fault => $"{fault.RuleId} at {fault.Path}")], null, null);
        }

        int year = draft.IssuedOn.Year % 100;
        Invoice invoice = draft.Number(draft.Recovered ?? new(
            new(draft.Kind, year, block, scenario.Number), InvoiceSeries.Parse($"C{year:00}M{letters}"), scenario.Number));
        Correction? correction = original is null ? null : new()
        {
            Type = scenario.Correction!.Type,
            Corrected = CorrectedInvoice.Of(original, null),
            Reason = scenario.Correction.Reason,
            Invoice = invoice,
        };
        return new(scenario, [], invoice, correction);
    }

    /// <summary>The invoice as the law's file takes it.</summary>
    public NationalInvoice National() => new()
    {
        Invoice = Invoice!,
        RecordedAt = Scenario.RecordedAt,
        Position = Scenario.Number,
        Buyer = Invoice!.Sale.Buyer,
        Correction = Correction,
        AmountInWords = AmountInWords.Of(Invoice.Total),
        QrCode = TaxQrCode.Of(Invoice, ScenarioFolder.Seller(Scenario.Seller).Seller).Write(),
    };

    private static DraftResult Draft(Scenario scenario, Seller seller, Invoice? original) => scenario.Correction is { } correction
        ? InvoiceDrafting.Draft(
            scenario.Sale, seller, scenario.Kind, scenario.RecordedAt, scenario.ClockDifference,
            isAdjustment: correction.Type == CorrectionType.Adjustment,
            ratedOn: correction.Type == CorrectionType.Replacement ? original!.IssuedOn : null)
        : CatalogueDrafting.Draft(
            scenario.Sale, scenario.Catalogue is { } name ? ScenarioFolder.Catalogue(name) : null, seller, scenario.Kind,
            scenario.RecordedAt, scenario.ClockDifference, scenario.Recovered);
}
