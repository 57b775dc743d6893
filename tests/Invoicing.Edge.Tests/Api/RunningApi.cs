using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Invoicing.Edge.Api;
using Invoicing.Edge.Tests.Commands;
using Invoicing.Gateway;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Edge.Tests.Api;

/// <summary>An edge with the API open, and a caller that has the token.</summary>
internal sealed class RunningApi : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RunningEdge _edge;
    private readonly ApiServer _server;
    private readonly HttpClient _client;

    private RunningApi(RunningEdge edge, TempFolder folder, ApiServer server)
    {
        _edge = edge;
        _folder = folder;
        _server = server;
        _client = new() { BaseAddress = Address };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(TokenFile).Trim());
    }

    public Uri Address => new($"http://{_server.Endpoint}");

    public string TokenFile => _folder.File("api.token");

    public InvoicingGateway Gateway => _edge.Gateway;

    public static async Task<RunningApi> StartAsync()
    {
        TempFolder folder = new();
        RunningEdge edge = await RunningEdge.StartAsync();
        foreach (int i in Enumerable.Range(1, 16))
        {
            await edge.Gateway.StateRegisterIsNewAsync(new($"POS-{i}"), "a test").Soon();
        }

        ApiServer server = await ApiServer.StartAsync(
            new(new(IPAddress.Loopback, 0), folder.File("api.token")), edge.Host, NullLoggerFactory.Instance, default).Soon();
        return new(edge, folder, server);
    }

    /// <summary>A sale of two coffees.</summary>
    public static string Sale(int sequence, long amount = 58_000, string register = "POS-1") => $$"""
        { "register": "{{register}}", "epoch": "5f3a9c01d2e4b687", "sequence": {{sequence}}, "receipt": "{{sequence:0000}}",
          "lines": [ { "name": "Cà phê sữa đá", "unit": "ly", "quantity": 2, "unit_price": {{amount / 2}}, "rate": "8%", "amount": {{amount}} } ],
          "payments": [ { "means": 1, "amount": {{amount}} } ], "total": {{amount}} }
        """;

    public async Task<(HttpStatusCode Status, JsonObject Answer)> PostAsync(string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _client.PostAsync(new Uri("/v1/sales", UriKind.Relative), content).Soon();
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync().Soon())!.AsObject());
    }

    public async Task<(HttpStatusCode Status, string Answer)> GetTextAsync(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync().Soon());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _edge.DisposeAsync();
        _folder.Dispose();
    }
}
