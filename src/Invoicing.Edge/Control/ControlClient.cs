using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Invoicing.Edge.Control;

/// <summary>Speaks to the running service over its socket.</summary>
internal static class ControlClient
{
    /// <summary>Longest wait for an answer: a decision is committed to disk before it is answered.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Where the service stands; <see langword="null"/> if nobody answers.</summary>
    public static async Task<JsonObject?> StatusAsync(string socket, CancellationToken cancellationToken)
    {
        using HttpClient client = Open(socket);
        try
        {
            return JsonNode.Parse(await client.GetStringAsync(new Uri("http://edge/status"), cancellationToken))!.AsObject();
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException)
        {
            return null;
        }
    }

    /// <summary>Hands over a decision.</summary>
    /// <exception cref="InvoicingException">The service is not running, or refused and says why.</exception>
    public static async Task<string> DecideAsync(
        string socket, string verb, string serial, string? epoch, string reason, CancellationToken cancellationToken)
    {
        using HttpClient client = Open(socket);
        string query = $"reason={Uri.EscapeDataString(reason)}{(epoch is null ? string.Empty : $"&epoch={Uri.EscapeDataString(epoch)}")}";
        try
        {
            using HttpResponseMessage answer = await client.PostAsync(
                new Uri($"http://edge/registers/{Uri.EscapeDataString(serial)}/{verb}?{query}"), content: null, cancellationToken);
            JsonObject json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
            return json["error"] is { } error ? throw new InvoicingException(error.GetValue<string>()) : json["done"]!.GetValue<string>();
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException)
        {
            throw new InvoicingException($"the edge service is not running: nobody answers on {socket}", innerException: fault);
        }
    }

    /// <summary>Asks for something, or hands something over.</summary>
    /// <param name="socket">Of the service.</param>
    /// <param name="path">What is called.</param>
    /// <param name="content">What is handed over; <see langword="null"/> only asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvoicingException">The service is not running, or refused and says why.</exception>
    public static async Task<JsonObject> AskAsync(string socket, string path, string? content, CancellationToken cancellationToken)
    {
        using HttpClient client = Open(socket);
        using StringContent? body = content is null ? null : new StringContent(content);
        var address = new Uri($"http://edge/{path}");
        try
        {
            using HttpResponseMessage answer = body is null
                ? await client.GetAsync(address, cancellationToken)
                : await client.PostAsync(address, body, cancellationToken);
            JsonObject json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
            return json["error"] is { } error ? throw new InvoicingException(error.GetValue<string>()) : json;
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException)
        {
            throw new InvoicingException($"the edge service is not running: nobody answers on {socket}", innerException: fault);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns its handler.")]
    private static HttpClient Open(string socket)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        return new(handler, disposeHandler: true) { Timeout = Limit };
    }
}
