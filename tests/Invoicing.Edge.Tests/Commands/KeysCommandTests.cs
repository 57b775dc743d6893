using System.Text.Json.Nodes;
using Invoicing.Chain;
using Invoicing.Edge.Commands;
using Invoicing.Edge.Control;
using Invoicing.Gateway.Journal;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Edge.Tests.Commands;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task The_key_is_shown_rotated_and_shown_again()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();
        string before = edge.Gateway.Status.Key.Id.ToString();
        (int code, string shown, _) = await Run("show", "--config", edge.Config);
        Assert.Equal(0, code);
        Assert.Equal(
            [$"key {before}: file, file:{edge.Journal}.key", "the key is not sealed: whoever reads the disk can copy it; name a secret's file as 'key_secret'"],
            shown.Split(Environment.NewLine));

        (_, string status, _) = await RunningEdge.RunAsync(StatusCommand.Create(), "--config", edge.Config);
        Assert.Contains("key       the key is not sealed", status, StringComparison.Ordinal);

        (code, string rotated, _) = await Run("rotate", "--config", edge.Config, "--json");
        Assert.Equal(0, code);
        JsonNode json = JsonNode.Parse(rotated)!;
        Assert.Equal(before, json["before"]!.GetValue<string>());
        Assert.Equal(edge.Gateway.Status.Key.Id.ToString(), json["id"]!.GetValue<string>());
        Assert.NotEqual(before, edge.Gateway.Status.Key.Id.ToString());
        (_, shown, _) = await Run("show", "--config", edge.Config);
        Assert.EndsWith("1 key(s) before it are kept until the authority has what they signed", shown, StringComparison.Ordinal);

        string place = Path.Combine(Path.GetDirectoryName(edge.Config)!, "next.key");
        (code, rotated, _) = await Run("rotate", "--config", edge.Config, "--to", $"file:{place}");
        Assert.Equal(0, code);
        Assert.Contains($"(file:{place})", rotated, StringComparison.Ordinal);
        Assert.True(File.Exists(place));
        Assert.True((await JournalAudit.RunAsync(edge.Journal, SignatureDepth.Every).Soon(TimeSpan.FromSeconds(60))).IsSound);
    }

    [Theory]
    [InlineData("next.key", "option '--to': expected a key location")]
    [InlineData("pkcs11:token=a", "option '--to': pkcs11: expected the key's 'object'")]
    [InlineData("pkcs11:token=a;object=b", "expected the token maker's library, found none; name it as 'pkcs11_module'")]
    public async Task A_place_that_is_none_is_refused_and_nothing_is_changed(string to, string reason)
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();
        string before = edge.Gateway.Status.Key.Id.ToString();

        (int code, _, string error) = await Run("rotate", "--config", edge.Config, "--to", to);

        Assert.Equal(1, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Equal(before, edge.Gateway.Status.Key.Id.ToString());
        Assert.Equal(0, edge.Gateway.Status.Key.Retired);
    }

    [Fact]
    public async Task No_secret_is_ever_logged_shown_or_written_to_the_journal()
    {
        const string Secret = "the-secret-of-this-shop";
        const string Pin = "4711-the-pin";
        using var log = new Remembering();
        await using RunningEdge edge = await RunningEdge.StartAsync();
        Private(edge.Write("secret", Secret + "\n"));
        Private(edge.Write("pin", Pin + "\n"));
        await edge.RestartAsync(", \"key_secret\": \"secret\", \"pkcs11_pin_file\": \"pin\", \"pkcs11_module\": \"/nonexistent/module.so\"", log);
        await Run("rotate", "--config", edge.Config);
        (_, string shown, string error) = await Run("show", "--config", edge.Config, "--json");
        (_, _, string refused) = await Run("rotate", "--config", edge.Config, "--to", "pkcs11:token=a;object=b");
        string status = StatusJson.From(edge.Host).ToJsonString();
        edge.Write("secret", "another-secret-of-it\n");
        (_, _, string wrong) = await Run("rotate", "--config", edge.Config, "--to", $"file:{edge.Journal}.key");

        // Here "this program" is the tests' own, which is no key host: it was told the PIN, and what it says is not repeated.
        Assert.Contains("the process that uses the token", refused, StringComparison.Ordinal);
        Assert.Contains("sealed with another", wrong, StringComparison.Ordinal);
        string said = string.Join('\n', [shown, error, refused, status, wrong, .. log.Lines]);
        Assert.NotEmpty(log.Lines);
        Assert.Null(JsonNode.Parse(shown)!["warning"]);
        foreach (string secret in (string[])[Secret, Pin, "another-secret-of-it"])
        {
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(edge.Journal)!).Where(path => Path.GetFileName(path) is not ("secret" or "pin" or "c.sock" or "journal.db.lock")))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
                Assert.DoesNotContain(secret, await reader.ReadToEndAsync(), StringComparison.Ordinal);
            }
        }
    }

    private static void Private(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments) => RunningEdge.RunAsync(KeysCommand.Create(), arguments);

    /// <summary>Keeps what is logged.</summary>
    private sealed class Remembering : ILoggerFactory, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = new();

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this factory is its own provider");

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Nothing but memory.
        }
    }
}
