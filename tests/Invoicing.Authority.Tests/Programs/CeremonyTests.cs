using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Protos.V1;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

/// <summary>The commands of the authority, beside a running server and without one.</summary>
public sealed class CeremonyTests : IDisposable
{
    private static readonly string[] Seller =
        ["--tax-code", "0107001729", "--seller-name", "Một Ly", "--address", "Hà Nội", "--block", "A1B2C", "--series", "C26MAA", "--codes", "100", "--numbers", "100"];

    private readonly TempFolder _temp = new();

    public CeremonyTests()
    {
        Folder = new(_temp.File("authority"));
        CertificateAuthority.Create(Folder, [], TimeProvider.System);
    }

    private AuthorityFolder Folder { get; }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_till_is_invited_enrolled_suspended_and_revoked_beside_a_running_server_in_another_process()
    {
        using var server = AuthorityProcess.Run(Folder);
        Uri address = await server.ListeningAsync();
        string invited = await DoAsync(["devices", "invite", "--name", "shop-1", .. Seller, "--json"]);
        var code = ActivationCode.Parse(JsonDocument.Parse(invited).RootElement.GetProperty("code").GetString()!);
        using var till = new OpenTill();
        using GrpcChannel first = OpenTill.Channel(address, File.ReadAllText(Folder.RootCertificate), own: null);
        await till.EnrolAsync(first, till.ToEnrol(code));
        using GrpcChannel channel = BundleChannel.Open(address, till.Bundle);
        using SampleChain chain = new SampleChain(till.Grant, signer: till.Signer).With(invoices: 1);
        using var client = new IntakeClient(channel);
        await client.HelloAsync(chain);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder.ControlSocket));
        }

        Assert.Contains("is suspended", await DoAsync("devices", "suspend", "shop-1", "--reason", "unpaid"), StringComparison.Ordinal);
        RpcException end = await client.EndAsync();
        Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
        Assert.Contains("unpaid", end.Status.Detail, StringComparison.Ordinal);
        await DoAsync("devices", "resume", "shop-1", "--reason", "paid");
        await DoAsync("devices", "revoke", "shop-1", "--reason", "stolen");

        JsonElement shown = JsonDocument.Parse(await DoAsync("devices", "show", "shop-1", "--json")).RootElement[0];
        Assert.Equal(("revoked", "stolen"), (shown.GetProperty("standing").GetString(), shown.GetProperty("reason").GetString()));
        Assert.Contains("shop-1  revoked", await DoAsync("devices", "list"), StringComparison.Ordinal);
        Assert.Contains("shop-1  used", await DoAsync("invitations", "list"), StringComparison.Ordinal);
        string acts = await DoAsync("acts", "list");
        Assert.Equal(6, acts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"os:{Environment.UserName}  revoked  shop-1", acts, StringComparison.Ordinal);
        Assert.Contains("device:shop-1  enrolled  shop-1", acts, StringComparison.Ordinal);
        Assert.Contains("sound: 6 acts", await DoAsync("acts", "verify"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_of_many_processes_at_once_are_all_done_and_an_error_says_what_was_expected()
    {
        using var server = AuthorityProcess.Run(Folder);
        await server.ListeningAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => DoAsync(["devices", "invite", "--name", $"shop-{i}", .. Seller])));
        server.Kill();
        await server.EndedAsync();
        Assert.True(File.Exists(Folder.ControlSocket)); // left behind; the commands below find nobody there

        await Task.WhenAll(Enumerable.Range(4, 4).Select(i => DoAsync(["devices", "invite", "--name", $"shop-{i}", .. Seller])));
        Assert.Contains("sound: 9 acts", await DoAsync("acts", "verify"), StringComparison.Ordinal);
        Assert.Contains("is withdrawn", await DoAsync("invitations", "withdraw", "shop-3"), StringComparison.Ordinal);

        foreach ((string[] arguments, string expected) in ((string[], string)[])
        [
            (["invitations", "withdraw", "shop-3"], "authority: expected an open invitation of 'shop-3', found none: see 'authority invitations list'"),
            (["devices", "suspend", "nobody", "--reason", "x"], "authority: expected a device, found none named 'nobody': see 'authority devices list'"),
            (["devices", "show", "nobody"], "authority: expected a device, found none named 'nobody'"),
            (["devices", "invite", "--name", "x", .. Seller, "--valid", "soon"], "authority: --valid: expected a number with m, h or d, such as 12h, found 'soon'"),
            (["followers", "add", "--name", "f", "--scope", "some", "--out", _temp.File("f.json")], "authority: scope: expected 'all' or at most 1024 tax codes"),
            (["operators", "add", "--name", "o", "--seller", "all", "--out", _temp.File("o.json")], "authority: seller: expected one tax code, found 'all'"),
            (["followers", "remove", "nobody", "--reason", "x"], "authority: expected a follower that is let in, found none named 'nobody'"),
        ])
        {
            (int code, _, string errors) = await AuthorityProcess.CallAsync([.. arguments, "--data", Folder.Path]);
            Assert.Equal(AuthorityExit.Usage, code);
            Assert.Contains(expected, errors, StringComparison.Ordinal);
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public async Task A_byte_flipped_in_the_file_of_acts_is_found_with_code_2()
    {
        await DoAsync(["devices", "invite", "--name", "shop-1", .. Seller]);
        Assert.Contains("\"act\":\"invited\"", await DoAsync("acts", "list", "--json"), StringComparison.Ordinal);
        string exported = await DoAsync("acts", "export");
        Assert.Equal(2, exported.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(l => JsonDocument.Parse(l).RootElement.TryGetProperty("body", out _)));

        // A hand that may write the file may drop its triggers, too.
        using (var file = SqliteFile.OpenWriter(Folder.Registry))
        {
            file.Execute("DROP TRIGGER act_fixed");
            byte[] signature = new RegistryQueries(file).Acts(1, 1)[0].Signature.ToArray();
            signature[40] ^= 4;
            file.Statement("UPDATE act SET signature = ? WHERE number = 2").Bind(0, signature).Run();
        }

        (int code, string output, _) = await AuthorityProcess.CallAsync("acts", "verify", "--data", Folder.Path);
        Assert.Equal(2, code);
        Assert.StartsWith("act 2: expected a signature of key", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_behind_the_transaction_and_before_the_answer_it_gives_the_same_answer_to_the_same_request()
    {
        string invited = await DoAsync(["devices", "invite", "--name", "shop-1", .. Seller, "--json"]);
        var code = ActivationCode.Parse(JsonDocument.Parse(invited).RootElement.GetProperty("code").GetString()!);
        using var till = new OpenTill();
        string root = await File.ReadAllTextAsync(Folder.RootCertificate, TestContext.Current.CancellationToken);
        using (var server = AuthorityProcess.Run(Folder))
        {
            using GrpcChannel channel = OpenTill.Channel(await server.ListeningAsync(), root, own: null);
            AsyncUnaryCall<EnrolResponse> call = new EnrolmentService.EnrolmentServiceClient(channel).EnrolAsync(
                till.ToEnrol(code), cancellationToken: TestContext.Current.CancellationToken);
            await Waiting.Until(
                () => AuthorityRegistry.Read(Folder, q => q.List(ClientRole.Device)).Count == 1, "enrolled", TimeSpan.FromSeconds(30));
            server.Kill(); // whether the answer had gone out by now is no matter: this till never looks at it
            await server.EndedAsync();
            call.Dispose();
        }

        using var again = AuthorityProcess.Run(Folder);
        using GrpcChannel next = OpenTill.Channel(await again.ListeningAsync(), root, own: null);
        await till.EnrolAsync(next, till.ToEnrol(code));
        RegisteredClient device = Assert.Single(AuthorityRegistry.Read(Folder, q => q.List(ClientRole.Device)));
        Assert.Equal(device.Grant!.Bytes.ToArray(), till.Grant.Bytes.ToArray());
        Assert.Contains("sound: 3 acts", await DoAsync("acts", "verify"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_follower_gets_its_scope_and_an_operator_asks_for_its_devices_by_command()
    {
        using var server = AuthorityProcess.Run(Folder);
        Uri address = await server.ListeningAsync();
        await DoAsync(["devices", "add", "--name", "shop-1", .. Seller, "--out", _temp.File("d.json")]);
        await DoAsync("followers", "add", "--name", "official", "--scope", "0107001729,0200000012", "--out", _temp.File("f.json"));
        await DoAsync("operators", "add", "--name", "owner", "--seller", "0107001729", "--out", _temp.File("o.json"));
        Assert.Contains("0107001729,0200000012", await DoAsync("followers", "list"), StringComparison.Ordinal);
        Assert.Contains("may see: all", await DoAsync("followers", "scope", "official", "--scope", "all"), StringComparison.Ordinal);
        Assert.Contains("owner  active", await DoAsync("operators", "list"), StringComparison.Ordinal);

        (int code, string output, string errors) = await AuthorityProcess.CallAsync(
            "operators", "devices", "--address", address.ToString(), "--bundle", _temp.File("o.json"), "--json");
        Assert.True(code == 0, errors);
        Assert.Equal("shop-1", JsonDocument.Parse(output).RootElement.GetProperty("name").GetString());
        await DoAsync("operators", "remove", "owner", "--reason", "sold the shop");
        (code, _, errors) = await AuthorityProcess.CallAsync("operators", "devices", "--address", address.ToString(), "--bundle", _temp.File("o.json"));
        Assert.Equal(AuthorityExit.Peer, code);
        Assert.Contains("sold the shop", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_but_another_issuing_certificate_works_without_the_root_s_key()
    {
        string away = _temp.File("stick");
        string data = _temp.File("other");
        var folder = new AuthorityFolder(data);
        Assert.Equal(0, (await AuthorityProcess.CallAsync("ca", "--data", data, "--root", away)).Code);
        Assert.True(File.Exists(AuthorityFolder.RootKeyIn(away)));
        Assert.False(Directory.Exists(folder.Offline));
        Directory.Move(away, away + ".taken");
        (int code, _, string errors) = await AuthorityProcess.CallAsync(["devices", "add", "--data", data, "--name", "shop-1", .. Seller, "--out", _temp.File("d.json")]);
        Assert.True(code == 0, errors);
        ClientBundle before = BundleChannel.Read(_temp.File("d.json"));

        (code, _, errors) = await AuthorityProcess.CallAsync("ca", "reissue", "--data", data, "--root", away);
        Assert.Equal(AuthorityExit.Usage, code);
        Assert.Contains("stick/root.key: expected a P-256 private key", errors, StringComparison.Ordinal);
        (code, _, errors) = await AuthorityProcess.CallAsync("ca", "reissue", "--data", data, "--root-key", $"file:{folder.WatermarkKey}");
        Assert.Equal(AuthorityExit.Usage, code);
        Assert.Contains("expected the key of certificate 'CN=Invoicing authority root', found another", errors, StringComparison.Ordinal);
        string issuing = await File.ReadAllTextAsync(folder.IssuingCertificate, TestContext.Current.CancellationToken);
        (code, _, errors) = await AuthorityProcess.CallAsync("ca", "reissue", "--data", data, "--root", away + ".taken");
        Assert.True(code == 0, errors);
        Assert.NotEqual(issuing, await File.ReadAllTextAsync(folder.IssuingCertificate, TestContext.Current.CancellationToken));

        // What the one before issued is still good, and so is what the new one issues.
        using var server = AuthorityProcess.Run(folder);
        Uri address = await server.ListeningAsync();
        (code, _, errors) = await AuthorityProcess.CallAsync(["devices", "add", "--data", data, "--name", "shop-2", .. Seller, "--out", _temp.File("e.json")]);
        Assert.True(code == 0, errors);
        foreach (ClientBundle bundle in (ClientBundle[])[before, BundleChannel.Read(_temp.File("e.json"))])
        {
            using GrpcChannel channel = BundleChannel.Open(address, bundle);
            await new IntakeService.IntakeServiceClient(channel).GetRegisterHistoryAsync(
                new() { Register = "SIM-0001" }, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon();
        }

        (code, _, errors) = await AuthorityProcess.CallAsync("ca", "reissue", "--data", data, "--root", away + ".taken");
        Assert.Equal(AuthorityExit.Usage, code);
        Assert.Contains("registry.db is in use by pid", errors, StringComparison.Ordinal);
    }

    private Task<string> DoAsync(params string[] arguments) => DoAsync((IReadOnlyList<string>)arguments);

    private async Task<string> DoAsync(IReadOnlyList<string> arguments)
    {
        (int code, string output, string errors) = await AuthorityProcess.CallAsync([.. arguments, "--data", Folder.Path]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }
}
