using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Invoicing.Catalogues;

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
        catch (TaskCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvoicingException($"the edge service has not answered within {Limit.TotalSeconds} s; look at its log", innerException: fault);
        }
    }

    /// <summary>Hands over a decision.</summary>
    /// <exception cref="InvoicingException">The service is not running, or refused and says why.</exception>
    public static async Task<string> DecideAsync(
        string socket, string verb, string serial, string? epoch, string reason, CancellationToken cancellationToken)
    {
        string query = $"reason={Uri.EscapeDataString(reason)}{(epoch is null ? string.Empty : $"&epoch={Uri.EscapeDataString(epoch)}")}";
        JsonObject json = await PostAsync(socket, $"registers/{Uri.EscapeDataString(serial)}/{verb}?{query}", content: null, cancellationToken);
        return json["done"]!.GetValue<string>();
    }

    /// <summary>Hands over a version of the shop's catalogue.</summary>
    /// <exception cref="InvoicingException">The service is not running, or refused and says why.</exception>
    public static async Task<JsonObject> ImportAsync(
        string socket, ShopCatalogue catalogue, string source, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(catalogue.Bytes);
        return await PostAsync(socket, $"catalogue?source={Uri.EscapeDataString(source)}", content, cancellationToken);
    }

    /// <summary>States who buys.</summary>
    /// <exception cref="InvoicingException">The service is not running, or refused and says why.</exception>
    public static async Task<JsonObject> StateBuyerAsync(string socket, JsonObject statement, CancellationToken cancellationToken)
    {
        using var content = new StringContent(statement.ToJsonString());
        return await PostAsync(socket, "buyers", content, cancellationToken);
    }

    private static Task<JsonObject> PostAsync(string socket, string path, HttpContent? content, CancellationToken cancellationToken) => CallAsync(
        socket, (client, token) => client.PostAsync(new Uri($"http://edge/{path}"), content, token), isDecision: true, cancellationToken);

    /// <summary>Makes one call and reads its answer.</summary>
    private static async Task<JsonObject> CallAsync(
        string socket, Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> call, bool isDecision, CancellationToken cancellationToken,
        TimeSpan? limit = null)
    {
        using HttpClient client = Open(socket);
        client.Timeout = limit ?? Limit;
        try
        {
            using HttpResponseMessage answer = await call(client, cancellationToken);
            JsonObject json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
            return json["error"] is { } error ? throw new InvoicingException(error.GetValue<string>()) : json;
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException)
        {
            throw new InvoicingException($"the edge service is not running: nobody answers on {socket}", innerException: fault);
        }
        catch (TaskCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            string what = isDecision ? "nothing is known, ask 'status'" : "look at its log";
            throw new InvoicingException($"the edge service has not answered within {client.Timeout.TotalSeconds} s; {what}", innerException: fault);
        }
    }

    /// <summary>Asks for something, or hands something over.</summary>
    /// <param name="socket">Of the service.</param>
    /// <param name="path">What is called.</param>
    /// <param name="content">What is handed over; <see langword="null"/> only asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="limit">Longest wait for the answer; <see langword="null"/> for the usual one.</param>
    /// <exception cref="InvoicingException">The service is not running, does not answer, or refused and says why.</exception>
    public static async Task<JsonObject> AskAsync(
        string socket, string path, string? content, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using StringContent? body = content is null ? null : new StringContent(content);
        var address = new Uri($"http://edge/{path}");
        return await CallAsync(
            socket,
            (client, token) => body is null ? client.GetAsync(address, token) : client.PostAsync(address, body, token),
            isDecision: body is not null,
            cancellationToken,
            limit);
    }

    /// <summary>Asks for something that goes on for a while, and copies it line by line.</summary>
    /// <exception cref="InvoicingException">The service is not running, or refused and says why.</exception>
    public static async Task CopyAsync(string socket, string path, Stream target, CancellationToken cancellationToken)
    {
        using HttpClient client = Open(socket);
        client.Timeout = Timeout.InfiniteTimeSpan; // the service ends it by the limits that it was asked for
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(
                new Uri($"http://edge/{path}"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                JsonObject json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
                throw new InvoicingException(json["error"]!.GetValue<string>());
            }

            await answer.Content.CopyToAsync(target, cancellationToken);
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
