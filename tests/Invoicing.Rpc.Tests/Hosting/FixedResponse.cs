using System.Net;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>Stands for a server, or a proxy before it, that gives one answer to everything.</summary>
internal sealed class FixedResponse(Func<HttpResponseMessage> answer) : HttpMessageHandler
{
    public static HttpResponseMessage Of(HttpStatusCode status, string? contentType, byte[] body, params (string Name, string Value)[] trailers)
    {
        var response = new HttpResponseMessage(status) { Version = HttpVersion.Version20, Content = new ByteArrayContent(body) };
        if (contentType is not null)
        {
            response.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        }

        foreach ((string name, string value) in trailers)
        {
            response.TrailingHeaders.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
        HttpResponseMessage response = answer();
        response.RequestMessage = request;
        return response;
    }
}
