using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Invoicing.Edge.Api;
using Invoicing.Edge.Settings;
using Invoicing.Settings;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Api;

/// <summary>What the description, the samples and the settings say is what the service does.</summary>
[SupportedOSPlatform("linux")]
public sealed class ApiDescriptionTests
{
    [Fact]
    public async Task The_description_is_served_to_everybody_and_names_what_answers_bear()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        using HttpClient stranger = new() { BaseAddress = api.Address };
        JsonNode served = JsonNode.Parse(await stranger.GetStringAsync(new Uri(OpenApiFile.Path, UriKind.Relative)).Soon())!;
        (_, JsonObject issued) = await api.PostAsync(RunningApi.Sale(1));
        (_, JsonObject held) = await api.PostAsync(RunningApi.Sale(2).Replace("\"total\": 58000", "\"total\": 1", StringComparison.Ordinal));
        (_, JsonObject problem) = await api.PostAsync(RunningApi.Sale(9));

        Assert.Equal("3.1.0", (string?)served["openapi"]);
        Assert.Equal(Properties(served, "Issued"), issued.Select(p => p.Key).Order());
        Assert.Equal(Properties(served, "Held"), held.Select(p => p.Key).Order());
        Assert.Subset(Properties(served, "Problem").ToHashSet(), problem.Select(p => p.Key).ToHashSet());
        Assert.Equal(
            ["/v1/openapi.json", "/v1/sales", "/v1/sales/{register}/{epoch}/{sequence}"], served["paths"]!.AsObject().Select(p => p.Key).Order());
    }

    [Fact]
    public async Task The_samples_run_as_they_stand()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        using Process shell = Process.Start(new ProcessStartInfo(
            "sh", [RepositoryFolder.File("src", "Invoicing.Edge", "Api", "samples.sh"), api.Address.ToString().TrimEnd('/'), api.TokenFile])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string output = await shell.StandardOutput.ReadToEndAsync().Soon();
        string error = await shell.StandardError.ReadToEndAsync().Soon();
        await shell.WaitForExitAsync().Soon();

        Assert.Equal((0, string.Empty), (shell.ExitCode, error));
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[0], lines[1]);
        Assert.Equal("404", lines[2]);
    }

    [Theory]
    [InlineData("0.0.0.0:8686")]
    [InlineData("10.0.0.7:8686")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:8686")]
    public void Only_an_address_of_this_machine_is_listened_on(string listen)
    {
        SettingsException fault = Assert.Throws<SettingsException>(
            () => ApiSettings.Read(JsonSettings.Parse($$"""{ "api": { "listen": "{{listen}}" } }""", "edge.json"), "/"));

        Assert.Contains("api.listen", fault.Message, StringComparison.Ordinal);
        Assert.Contains(listen, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_others_can_read_is_refused()
    {
        using TempFolder folder = new();
        string path = folder.File("api.token");
        _ = ApiToken.Load(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<InvoicingException>(() => ApiToken.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_too_short_to_be_secret_is_refused()
    {
        using TempFolder folder = new();
        string path = folder.File("api.token");
        _ = ApiToken.Load(path);
        File.WriteAllText(path, "secret\n");

        Assert.Contains("32 to 512", Assert.Throws<InvoicingException>(() => ApiToken.Load(path)).Message, StringComparison.Ordinal);
    }

    private static IOrderedEnumerable<string> Properties(JsonNode description, string schema) =>
        description["components"]!["schemas"]![schema]!["properties"]!.AsObject().Select(p => p.Key).Order();
}
