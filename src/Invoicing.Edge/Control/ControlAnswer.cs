using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace Invoicing.Edge.Control;

/// <summary>How the service answers commands: one JSON object, with <c>done</c> or <c>error</c>.</summary>
internal static class ControlAnswer
{
    /// <summary>Answers.</summary>
    public static Task WriteAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }

    /// <summary>Refuses.</summary>
    public static Task RefuseAsync(HttpContext context, int code, string reason)
    {
        context.Response.StatusCode = code;
        return WriteAsync(context, new() { ["error"] = reason });
    }

    /// <summary>Reads a whole body that may be longer than a decision.</summary>
    /// <returns><see langword="null"/> if it is longer than it may be.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContext context, int most)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = most;
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return body.ToArray();
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
