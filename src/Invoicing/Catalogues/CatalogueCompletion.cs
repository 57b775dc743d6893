using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Catalogues;

/// <summary>A sale and what a catalogue made of it.</summary>
/// <param name="Sale">The sale, completed as far as could be; the same object if nothing was to be done.</param>
/// <param name="IsCompleted">Whether any line got something from the catalogue, so that the invoice has to name it.</param>
/// <param name="Faults">Why the sale is to be held; empty if it is not.</param>
public sealed record CatalogueCompletion(Sale Sale, bool IsCompleted, ImmutableArray<CatalogueFault> Faults);
