using Grpc.Core;
using Invoicing.Edge.Commands;
using Invoicing.Edge.Control;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Tests;
using Invoicing.Gateway.Tests.Enrolment;
using Invoicing.Gateway.Tests.Uplink;
using Invoicing.Gateway.Uplink;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Edge.Tests.Commands;

/// <summary>What an operator types at a till, once, and what it answers.</summary>
public sealed class EnrolCommandTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestShop _shop = new();
    private readonly ManualTime _time = new(new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly EnrolmentScript _script;
    private ScriptedAuthority? _authority;

    public EnrolCommandTests() => _script = new(_shop, _time);

    private string Config => _folder.File("edge.json");

    [Fact]
    public async Task Two_commands_are_enough_from_a_code_to_a_service_that_delivers()
    {
        string address = await StartAsync();

        (int code, string output, string error) = await EnrolAsync(_script.NewCode().Reveal(), "--authority", address, "--line", "tcp-listen:127.0.0.1:0");

        Assert.Equal((ExitCode.Done, string.Empty), (code, error));
        Assert.Equal(
            [
                "enrolled: device shop-7 of Cửa hàng Thử Nghiệm, tax code 0107001729",
                "granted   10000 authority codes, 5000 numbers of C26MAA",
                "identity  certificate until 2026-11-30, which renews itself",
                $"wrote     {Config}",
                $"next      edge run --config {Config}",
            ],
            output.ReplaceLineEndings("\n").Split('\n'));

        var settings = EdgeSettings.Load(Config);
        Assert.Equal("tcp-listen:127.0.0.1:0", Assert.Single(settings.Registers).Line.ToString());
        await using EdgeHost host = await EdgeHost.StartAsync(settings, NullLoggerFactory.Instance, _time, default).Soon();
        await Waiting.Until(() => host.Gateway.Status.Sending.State == SendingState.Streaming, "streaming");
        string status = StatusCommand.ForPeople(StatusJson.From(host));
        Assert.Contains("identity  shop-7, certificate until 2026-11-30 08:00 UTC", status, StringComparison.Ordinal);
        Assert.DoesNotContain("clock     ", status, StringComparison.Ordinal); // not heard of yet
    }

    [Fact]
    public async Task The_code_may_come_from_the_standard_input()
    {
        string address = await StartAsync();
        TextReader before = Console.In;
        try
        {
            Console.SetIn(new StringReader(_script.NewCode().Reveal().ToLowerInvariant().Replace('-', ' ') + "\nand more\n"));
            (int code, string output, string error) = await EnrolAsync("-", "--authority", address);
            Assert.Equal((ExitCode.Done, string.Empty), (code, error));
            Assert.StartsWith("enrolled: device shop-7", output, StringComparison.Ordinal);
        }
        finally
        {
            Console.SetIn(before);
        }
    }

    [Fact]
    public async Task A_typing_error_is_told_before_anybody_is_asked()
    {
        string address = await StartAsync();
        char[] typed = _script.NewCode().Reveal().ToCharArray();
        (typed[0], typed[1]) = typed[0] == typed[1] ? (typed[0] == 'A' ? 'B' : 'A', typed[1]) : (typed[1], typed[0]);

        (int code, _, string error) = await EnrolAsync(new string(typed), "--authority", address);

        Assert.Equal(ExitCode.BadSettings, code);
        Assert.Equal("expected an activation code as the authority wrote it, found one with a typing error: compare it letter by letter", error);
        Assert.Empty(_script.Secrets);
        Assert.False(File.Exists(Config));
    }

    [Fact]
    public async Task A_refusal_is_one_sentence_and_writes_no_configuration()
    {
        string address = await StartAsync();
        _script.Refusal = new(StatusCode.PermissionDenied, "this activation code was used by another device");

        (int code, string output, string error) = await EnrolAsync(_script.NewCode().Reveal(), "--authority", address);

        Assert.Equal((ExitCode.BadSettings, string.Empty, "the authority refuses: this activation code was used by another device"), (code, output, error));
        Assert.False(File.Exists(Config));
    }

    [Fact]
    public async Task A_lost_answer_is_made_good_by_the_same_command()
    {
        string address = await StartAsync();
        string typed = _script.NewCode().Reveal();
        _script.LostAnswers = 1;
        (int first, _, string error) = await EnrolAsync(typed, "--authority", address);
        Assert.Equal(ExitCode.BadSettings, first);
        Assert.Contains("cannot be reached", error, StringComparison.Ordinal);

        (int second, string output, _) = await EnrolAsync(typed, "--authority", address);

        Assert.Equal(ExitCode.Done, second);
        Assert.StartsWith("enrolled: device shop-7", output, StringComparison.Ordinal);
        Assert.Equal(1, _script.Issued);
    }

    [Fact]
    public async Task Dying_before_the_configuration_is_written_is_made_good_by_the_same_command()
    {
        string address = await StartAsync();
        string typed = _script.NewCode().Reveal();
        await EnrolAsync(typed, "--authority", address);
        File.Delete(Config);

        (int code, string output, _) = await EnrolAsync(typed, "--authority", address);

        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("was enrolled by this code before: device shop-7", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Config));
        Assert.Single(_script.Secrets);
    }

    [Fact]
    public async Task An_existing_configuration_is_used_and_told_what_it_misses()
    {
        string address = await StartAsync();
        await File.WriteAllTextAsync(Config, """{ "journal": "data/shop.db", "identity": "data/who" }""");

        (int code, string output, string error) = await EnrolAsync(_script.NewCode().Reveal(), "--authority", address, "--line", "tcp:10.0.0.7:7000");

        Assert.Equal((ExitCode.Done, string.Empty), (code, error));
        Assert.Contains($"""missing   {Config} names no "authority": add "authority": "{address}", or nothing is sent""", output, StringComparison.Ordinal);
        Assert.Contains("""has no register on that line: add { "line": "tcp:10.0.0.7:7000" } to "registers".""".TrimEnd('.'), output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("data/who/identity.json")));
        Assert.True(File.Exists(_folder.File("data/shop.db.key")));
        Assert.Equal("""{ "journal": "data/shop.db", "identity": "data/who" }""", await File.ReadAllTextAsync(Config));
    }

    [Theory]
    [InlineData(null, "--authority|http://a.example", "--authority: expected an address such as https://authority.example:5443, found 'http://a.example'")]
    [InlineData(null, "", "expected --authority https://HOST:PORT, found none, and ")]
    [InlineData(null, "--authority|https://a.example|--line|usb:1", "--line: expected serial:PATH")]
    [InlineData("""{ "journal": "j", "identity": "d", "authority": "https://b.example" }""", "--authority|https://a.example", "expected one authority, found https://a.example/ as --authority and https://b.example/ in ")]
    [InlineData("""{ "journal": "j", "bundle": "b" }""", "--authority|https://a.example", "found a device that is known by a bundle")]
    [InlineData("""{ "journal": "j" }""", "--authority|https://a.example", "key 'identity': expected a folder for this device's identity, or 'bundle'")]
    public async Task Words_that_do_not_fit_are_told_before_anybody_is_asked(string? config, string words, string text)
    {
        if (config is not null)
        {
            await File.WriteAllTextAsync(Config, config);
        }

        (int code, _, string error) = await EnrolAsync(_script.NewCode().Reveal(), words.Split('|', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCode.BadSettings, code);
        Assert.Contains(text, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_told()
    {
        string address = await StartAsync();
        _script.Time = new ManualTime(_time.GetUtcNow().AddHours(3));

        (_, string output, _) = await EnrolAsync(_script.NewCode().Reveal(), "--authority", address);

        Assert.Contains("clock     this machine's is 3 h behind the authority's: set it before the first sale", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_warns_in_the_last_week_and_says_when_it_has_ended()
    {
        string address = await StartAsync();
        await EnrolAsync(_script.NewCode().Reveal(), "--authority", address);
        await _authority!.DisposeAsync();
        _authority = null;
        var settings = EdgeSettings.Load(Config);
        await using EdgeHost host = await EdgeHost.StartAsync(settings with { Authority = null }, NullLoggerFactory.Instance, _time, default).Soon();
        Assert.StartsWith("GREEN", StatusCommand.ForPeople(StatusJson.From(host)), StringComparison.Ordinal);

        _time.StepWallClock(TimeSpan.FromDays(84));
        string soon = StatusCommand.ForPeople(StatusJson.From(host));
        Assert.StartsWith("ATTENTION", soon, StringComparison.Ordinal);
        Assert.Contains("identity  shop-7, certificate ends SOON, on 2026-11-30 08:00 UTC", soon, StringComparison.Ordinal);

        _time.StepWallClock(TimeSpan.FromDays(7));
        string ended = StatusCommand.ForPeople(StatusJson.From(host));
        Assert.StartsWith("ATTENTION", ended, StringComparison.Ordinal);
        Assert.Contains("certificate ENDED on 2026-11-30 08:00 UTC: nothing is sent before it is renewed", ended, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_authority is not null)
        {
            await _authority.DisposeAsync();
        }

        _script.Dispose();
        _shop.Dispose();
        _folder.Dispose();
    }

    private async Task<string> StartAsync()
    {
        _authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        return _authority.Address.GetLeftPart(UriPartial.Authority);
    }

    private Task<(int ExitCode, string Output, string Error)> EnrolAsync(string code, params string[] words) =>
        RunningEdge.RunAsync(EnrolCommand.Create(_time), ["--config", Config, .. words, code]);
}
