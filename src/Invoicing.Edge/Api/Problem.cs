using System.Text.Json.Nodes;

namespace Invoicing.Edge.Api;

/// <summary>How the API says no: <c>application/problem+json</c> (RFC 9457).</summary>
internal static class Problem
{
    /// <summary>Answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="type">Short name for programs; never changes.</param>
    /// <param name="detail">For people: what was expected, what was found, what to do.</param>
    /// <param name="more">Further members; may be <see langword="null"/>.</param>
    public static Task WriteAsync(HttpContext context, int status, string type, string detail, JsonObject? more = null)
    {
        JsonObject problem = more ?? [];
        problem["type"] = $"urn:invoicing:problem:{type}";
        problem["status"] = status;
        problem["detail"] = detail;
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        return context.Response.WriteAsync(problem.ToJsonString(), context.RequestAborted);
    }
}
