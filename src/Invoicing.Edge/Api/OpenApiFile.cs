namespace Invoicing.Edge.Api;

/// <summary>The API's description, <c>openapi.json</c> beside this file, as it stands in the program.</summary>
internal static class OpenApiFile
{
    /// <summary>Where it is served, without a token: it says nothing of the shop.</summary>
    public const string Path = "/v1/openapi.json";

    /// <summary>Opens the description.</summary>
    public static Stream Open() =>
        typeof(OpenApiFile).Assembly.GetManifestResourceStream("openapi.json")
        ?? throw new InvalidOperationException("expected openapi.json in the program, found none");

    /// <summary>Serves it.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        Stream file = Open();
        await using (file)
        {
            await file.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
