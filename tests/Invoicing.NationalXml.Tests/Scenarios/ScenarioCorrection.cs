using System.Collections.Immutable;
using Invoicing.Invoices;

namespace Invoicing.NationalXml.Tests.Scenarios;

/// <summary>What a scenario puts right.</summary>
/// <param name="Type">How.</param>
/// <param name="Of">Number of the scenario whose invoice it is.</param>
/// <param name="Reason">Why.</param>
/// <param name="Before">Scenarios that corrected the same invoice before.</param>
/// <param name="IsWhole">Whether the sale is the whole of that scenario's, undone.</param>
public sealed record ScenarioCorrection(CorrectionType Type, int Of, string Reason, ImmutableArray<int> Before, bool IsWhole);
