using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Api;

/// <summary>The library's contract, over HTTP.</summary>
public sealed class SalesApiTests
{
    [Fact]
    public async Task A_sale_becomes_an_invoice_and_the_same_call_gives_the_original()
    {
        await using RunningApi api = await RunningApi.StartAsync();

        (HttpStatusCode status, JsonObject first) = await api.PostAsync(RunningApi.Sale(1));
        (HttpStatusCode again, JsonObject second) = await api.PostAsync(RunningApi.Sale(1).Replace("{", "{  ", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (status, again));
        Assert.Equal("issued", (string?)first["outcome"]);
        Assert.Equal(23, ((string?)first["code"])!.Length);
        Assert.Equal(58_000, (long?)first["total"]);
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.Equal((HttpStatusCode.OK, first.ToJsonString()), await api.GetTextAsync("/v1/sales/POS-1/5f3a9c01d2e4b687/1"));
    }

    [Fact]
    public async Task Other_content_under_a_key_is_a_conflict_and_stops_the_register()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        await api.PostAsync(RunningApi.Sale(1));

        (HttpStatusCode status, JsonObject problem) = await api.PostAsync(RunningApi.Sale(1, amount: 59_000));
        (HttpStatusCode next, JsonObject stopped) = await api.PostAsync(RunningApi.Sale(2));

        Assert.Equal((HttpStatusCode.Conflict, "urn:invoicing:problem:conflict"), (status, (string?)problem["type"]));
        Assert.Equal(64, ((string?)problem["first_hash"])!.Length);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "urn:invoicing:problem:not-recorded"), (next, (string?)stopped["type"]));
    }

    [Fact]
    public async Task A_sale_out_of_order_says_which_comes_first_and_records_nothing()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        await api.PostAsync(RunningApi.Sale(1));

        (HttpStatusCode status, JsonObject problem) = await api.PostAsync(RunningApi.Sale(5));

        Assert.Equal((HttpStatusCode.Conflict, "urn:invoicing:problem:out-of-order"), (status, (string?)problem["type"]));
        Assert.Equal(2, (long?)problem["expected"]);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetTextAsync("/v1/sales/POS-1/5f3a9c01d2e4b687/5")).Status);
    }

    [Fact]
    public async Task A_sale_that_breaks_a_rule_is_recorded_and_held()
    {
        await using RunningApi api = await RunningApi.StartAsync();

        (HttpStatusCode status, JsonObject held) = await api.PostAsync(RunningApi.Sale(1).Replace("\"total\": 58000", "\"total\": 57000", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.Accepted, "held"), (status, (string?)held["outcome"]));
        Assert.Contains("57", (string?)held["reason"], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, held.ToJsonString()), await api.GetTextAsync("/v1/sales/POS-1/5f3a9c01d2e4b687/1"));
    }

    [Theory]
    [InlineData("not json", "JSON")]
    [InlineData("""{ "epoch": "1", "sequence": 1, "lines": [], "total": 0 }""", "register")]
    [InlineData("""{ "register": "A B", "epoch": "1", "sequence": 1, "lines": [], "total": 0 }""", "register")]
    [InlineData("""{ "register": "P", "epoch": "0", "sequence": 1, "lines": [], "total": 0 }""", "epoch")]
    [InlineData("""{ "register": "P", "epoch": "1", "lines": [], "total": 0 }""", "sequence")]
    [InlineData("""{ "register": "P", "epoch": "1", "sequence": 0, "lines": [], "total": 0 }""", "sequence")]
    [InlineData("""{ "register": "P", "epoch": "1", "sequence": 1, "lines": [], "total": 0, "totla": 1 }""", "totla")]
    public async Task What_cannot_be_read_is_named_and_nothing_is_recorded(string body, string key)
    {
        await using RunningApi api = await RunningApi.StartAsync();
        long head = api.Gateway.Status.HeadPosition;

        (HttpStatusCode status, JsonObject problem) = await api.PostAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, "urn:invoicing:problem:malformed"), (status, (string?)problem["type"]));
        Assert.Contains(key, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(head, api.Gateway.Status.HeadPosition);
    }

    [Theory]
    [InlineData("/v1/sales/POS-1/5f3a9c01d2e4b687/0")]
    [InlineData("/v1/sales/POS-1/0/1")]
    [InlineData("/v1/sales/POS-1/xyz/1")]
    [InlineData("/v1/sales/1")]
    public async Task What_is_no_key_is_refused(string path)
    {
        await using RunningApi api = await RunningApi.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetTextAsync(path)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Nobody_rings_up_a_sale_without_the_token(string? token)
    {
        await using RunningApi api = await RunningApi.StartAsync();
        long head = api.Gateway.Status.HeadPosition;
        using HttpClient stranger = new() { BaseAddress = api.Address };
        if (token is not null)
        {
            stranger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        using StringContent body = new(RunningApi.Sale(1), Encoding.UTF8, "application/json");
        using HttpResponseMessage post = await stranger.PostAsync(new Uri("/v1/sales", UriKind.Relative), body).Soon();
        using HttpResponseMessage get = await stranger.GetAsync(new Uri("/v1/sales/POS-1/1/1", UriKind.Relative)).Soon();

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (post.StatusCode, get.StatusCode));
        Assert.Equal("Bearer", Assert.Single(post.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(head, api.Gateway.Status.HeadPosition);
    }

    [Fact]
    public async Task A_sale_beyond_the_limit_is_refused()
    {
        await using RunningApi api = await RunningApi.StartAsync();

        (HttpStatusCode status, JsonObject problem) = await api.PostAsync(new string(' ', Edge.Api.SalesEndpoint.MaxBytes + 1));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "urn:invoicing:problem:too-large"), (status, (string?)problem["type"]));
    }

    [Fact]
    public async Task Sixteen_callers_at_once_each_get_their_own_invoice()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        for (int i = 1; i <= 16; i++)
        {
            await api.PostAsync(RunningApi.Sale(1, register: $"POS-{i}"));
        }

        (HttpStatusCode Status, JsonObject Answer)[] answers = await Task.WhenAll(
            Enumerable.Range(1, 16).Select(i => api.PostAsync(RunningApi.Sale(2, register: $"POS-{i}"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(16, answers.Select(answer => (string?)answer.Answer["code"]).Distinct().Count());
    }
}
