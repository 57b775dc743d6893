using Invoicing.Catalogues;

namespace Invoicing.Gateway.Recording;

internal sealed partial class Recorder
{
    /// <summary>Puts a version of the shop's catalogue in force for all that is recorded after it.</summary>
    public Task<CatalogueImport> ImportAsync(ShopCatalogue catalogue, string source, CancellationToken cancellationToken) => Post(
        new AnsweredWork<CatalogueImport>(
            group => group.Import(catalogue, source), why => new(IsNew: false, why), size: 1024 + catalogue.Bytes.Length),
        cancellationToken);
}
