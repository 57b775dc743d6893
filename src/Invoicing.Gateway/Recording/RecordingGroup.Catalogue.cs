using Invoicing.Catalogues;
using Invoicing.Chain;

namespace Invoicing.Gateway.Recording;

internal sealed partial class RecordingGroup
{
    private ShopCatalogue? _imported;

    /// <summary>The shop's catalogue in force for what comes next in this group.</summary>
    public ShopCatalogue? Catalogue => _imported ?? _before.Catalogue;

    /// <summary>Puts a version of the shop's catalogue in force.</summary>
    /// <returns>What became of it.</returns>
    public CatalogueImport Import(ShopCatalogue catalogue, string source)
    {
        if (Catalogue?.Hash == catalogue.Hash)
        {
            return CatalogueImport.InForceAlready;
        }

        if (Refusal is { } refusal)
        {
            return new(IsNew: false, refusal);
        }

        PendingEntry entry = Append(EntryContents.DeviceEvent(
            DeviceEventType.Operator, $"catalogue {catalogue.Hash} of {catalogue.Items.Length} items imported from {source}"));
        var version = new CatalogueVersion(
            catalogue.Hash, DateTimeOffset.FromUnixTimeMilliseconds(_recordedAt), source, catalogue.Items.Length, entry.Unsigned.Position);
        Write(file => file.Insert(version, catalogue.Bytes.Span));
        _imported = catalogue;
        ChangeAtCommit(state => state with { Catalogue = catalogue });
        return new(IsNew: true, Refusal: null);
    }
}
