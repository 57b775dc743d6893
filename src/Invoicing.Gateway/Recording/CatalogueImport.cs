namespace Invoicing.Gateway.Recording;

/// <summary>What became of a version of the shop's catalogue.</summary>
/// <param name="IsNew">Whether it came into force with this import.</param>
/// <param name="Refusal">Why it could not; else <see langword="null"/>.</param>
internal readonly record struct CatalogueImport(bool IsNew, string? Refusal)
{
    public static CatalogueImport InForceAlready => new(IsNew: false, Refusal: null);
}
