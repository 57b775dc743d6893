using Invoicing.Catalogues;
using Invoicing.Edge.Hosting;
using Invoicing.Gateway;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Control;

/// <summary>Takes a version of the shop's catalogue: its bytes as the body, where it comes from as <c>source</c>.</summary>
internal static class CatalogueEndpoint
{
    public static async Task ImportAsync(HttpContext context, EdgeHost host)
    {
        string source = context.Request.Query["source"].ToString();
        if (source.Length is 0 or > InvoicingGateway.MaxCatalogueSource)
        {
            string expected = $"expected a source of 1 to {InvoicingGateway.MaxCatalogueSource} characters, found {source.Length}";
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, expected);
            return;
        }

        if (await ControlAnswer.ReadAsync(context, ShopCatalogue.MaxBytes) is not { } body)
        {
            await ControlAnswer.RefuseAsync(
                context, StatusCodes.Status413PayloadTooLarge, $"expected a catalogue of at most {ShopCatalogue.MaxBytes} bytes, found more");
            return;
        }

        try
        {
            var catalogue = ShopCatalogue.Read(body, CatalogueDrafting.Compose);
            bool isNew = await host.Gateway.ImportCatalogueAsync(catalogue, source, context.RequestAborted);
            await ControlAnswer.WriteAsync(context, new()
            {
                ["done"] = isNew
                    ? $"catalogue {catalogue.Hash} of {catalogue.Items.Length} items is in force"
                    : $"catalogue {catalogue.Hash} was in force already; nothing changed",
                ["hash"] = catalogue.Hash.ToString(),
                ["items"] = catalogue.Items.Length,
                ["imported"] = isNew,
            });
        }
        catch (InvoicingException fault)
        {
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
        }
    }
}
