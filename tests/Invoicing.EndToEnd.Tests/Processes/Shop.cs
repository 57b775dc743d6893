using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Processes;

/// <summary>A folder with an authority, one device and some registers, and the ways to start each as a process.</summary>
public sealed class Shop : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort();

    public string AuthorityFolder => _folder.File("authority");

    public string AuthorityAddress => $"https://127.0.0.1:{_port}";

    public string JournalFile => _folder.File("journal.db");

    /// <summary>Makes the authority's keys and enrols device and follower, by the programs themselves.</summary>
    public static async Task<Shop> CreateAsync()
    {
        var shop = new Shop();
        await shop.AuthorityAsync("ca", "--data", shop.AuthorityFolder, "--host", "localhost", "--host", "127.0.0.1");
        await shop.EnrolAsync("shop-1", "device.json");
        await shop.AuthorityAsync("followers", "add", "--data", shop.AuthorityFolder, "--name", "official-1", "--out", shop.File("follower.json"));
        return shop;
    }

    public string File(string name) => _folder.File(name);

    public string Link(string serial) => _folder.File($"{serial}.tty");

    public string RegisterJournal(string serial) => _folder.File($"{serial}.journal");

    public Task<IReadOnlyCollection<string>> AuthorityAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(ProgramRun.Ours("Invoicing.Authority"), arguments);

    /// <summary>Another device of the same seller, with ranges of its own.</summary>
    public Task EnrolAsync(string device, string bundle) => AuthorityAsync(
        "devices", "add", "--data", AuthorityFolder, "--name", device, "--tax-code", "0107001729", "--seller-name", "Cửa hàng Bình Minh",
        "--address", "12 phố Huế, Hà Nội", "--block", "A1B2C", "--out", _folder.File(bundle));

    /// <summary>Writes the edge's configuration.</summary>
    public string Configure(IEnumerable<string> lines, string bundle = "device.json", string journal = "journal.db", string name = "edge.json") =>
        ConfigureRegisters([.. lines.Select(line => new JsonObject { ["line"] = line })], bundle, journal, name);

    /// <summary>Writes the edge's configuration, with registers of any kind.</summary>
    public string ConfigureRegisters(
        IReadOnlyList<JsonObject> registers, string bundle = "device.json", string journal = "journal.db", string name = "edge.json")
    {
        var json = new JsonObject
        {
            ["journal"] = journal,
            ["bundle"] = bundle,
            ["authority"] = AuthorityAddress,
            ["control"] = $"{journal}.sock",
            ["registers"] = new JsonArray([.. registers]),
        };
        System.IO.File.WriteAllText(_folder.File(name), json.ToJsonString());
        return _folder.File(name);
    }

    /// <summary>Starts the authority and waits until it serves.</summary>
    public async Task<ProgramRun> StartAuthorityAsync()
    {
        ProgramRun run = LaunchAuthority();
        await run.UntilSaysAsync("listening on");
        return run;
    }

    /// <summary>Starts the authority and waits for nothing.</summary>
    public ProgramRun LaunchAuthority() => ProgramRun.Start(
        ProgramRun.Ours("Invoicing.Authority"), ["run", "--data", AuthorityFolder, "--listen", $"127.0.0.1:{_port}"], keepOutput: false);

    /// <summary>Starts the edge and waits until it serves.</summary>
    public async Task<ProgramRun> StartEdgeAsync(string config)
    {
        ProgramRun run = LaunchEdge(config);
        await run.UntilSaysAsync("edge ready");
        return run;
    }

    /// <summary>Starts the edge and waits for nothing.</summary>
    public ProgramRun LaunchEdge(string config) =>
        ProgramRun.Start(ProgramRun.Ours("Invoicing.Edge"), ["run", "--config", config], keepOutput: false);

    /// <summary>Lets the edge meet a register while the authority can be asked for its history, by its first sale.</summary>
    public async Task MeetRegisterAsync(string config, string serial)
    {
        await using ProgramRun authority = await StartAuthorityAsync();
        await using ProgramRun edge = await StartEdgeAsync(config);
        await using ProgramRun register = StartRegister(serial, 1, seed: 3, "flat");
        Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, await edge.TerminateAsync());
    }

    /// <summary>A register or printer in software that speaks something else than the till link.</summary>
    public ProgramRun StartTill(string protocol, string line, string serial, params string[] more) => ProgramRun.Start(
        ProgramRun.Ours("firmware-sim"),
        ["run", "--protocol", protocol, "--line", line, "--serial", serial, "--journal", File($"{serial}.book"), "--json", .. more]);

    /// <summary>Totals of what a till in software rang up, in its order, by its own book.</summary>
    public async Task<List<long>> RungUpAsync(string serial)
    {
        IReadOnlyCollection<string> lines = await ProgramRun.ToEndAsync(
            ProgramRun.Ours("firmware-sim"), ["book", "--journal", File($"{serial}.book"), "--json"]);
        return [.. lines.Select(line => JsonNode.Parse(line)!).Where(r => r["class"]!.GetValue<string>() == "sale").Select(r => r["total"]!.GetValue<long>())];
    }

    /// <summary>Runs a command of the edge to its end.</summary>
    public Task<IReadOnlyCollection<string>> EdgeAsync(int exitCode, params string[] arguments) =>
        ProgramRun.ToEndAsync(ProgramRun.Ours("Invoicing.Edge"), arguments, exitCode);

    /// <summary>Tells the running edge what the simulated shops sell: what is printed names neither unit nor rate.</summary>
    /// <param name="config">The edge's configuration.</param>
    /// <param name="printed">Options of the import: how the register writes names.</param>
    public async Task ImportGoodsAsync(string config, params string[] printed)
    {
        IReadOnlyCollection<string> goods = await ProgramRun.ToEndAsync(ProgramRun.Ours("firmware-sim"), ["goods"]);
        await System.IO.File.WriteAllLinesAsync(File("goods.csv"), goods.Select((row, i) => $"{row};{(i == 0 ? "tên in" : row.Split(';')[1])}"));
        await EdgeAsync(0, ["catalogue", "import", File("goods.csv"), "--config", config, .. printed]);
    }

    /// <summary>The invoices in the journal, in the order of their register's records: total and code of each.</summary>
    public async Task<List<(long Total, string Code)>> JournaledAsync()
    {
        await EdgeAsync(0, "verify", "--journal", JournalFile);
        IReadOnlyCollection<string> lines = await EdgeAsync(0, "export", "--journal", JournalFile);
        return [.. lines.Select(line => JsonNode.Parse(line)!["invoice"]).OfType<JsonNode>().OrderBy(i => i["sequence"]!.GetValue<long>())
            .Select(i => (i["total"]!.GetValue<long>(), i["code"]!.GetValue<string>()))];
    }

    /// <summary>Waits until the authority has acknowledged everything that the running edge has recorded.</summary>
    public Task UntilAllIsAcknowledgedAsync(string config = "edge.json") =>
        UntilStatusAsync(status => status["lag"]!.GetValue<long>() == 0, "acknowledged", config);

    /// <summary>Asks the running edge, by its own command, until something holds.</summary>
    public async Task UntilStatusAsync(Func<JsonNode, bool> holds, string what, string config = "edge.json")
    {
        string last = string.Empty;
        for (int i = 0; i < 120; i++)
        {
            IReadOnlyCollection<string> lines = await ProgramRun.ToEndAsync(
                ProgramRun.Ours("Invoicing.Edge"), ["status", "--config", _folder.File(config), "--json"]);
            last = lines.Last();
            if (holds(JsonNode.Parse(last)!))
            {
                return;
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"still not {what}: {last}");
    }

    /// <summary>A register on a pseudo-terminal that rings up until <paramref name="sales"/> are in its journal, and ends when all are acknowledged.</summary>
    public ProgramRun StartRegister(string serial, int sales, int seed, string pace, string scenario = "none") => ProgramRun.Start(
        ProgramRun.Ours("firmware-sim"),
        [
            "run", "--line", $"pty:{Link(serial)}", "--serial", serial, "--journal", RegisterJournal(serial),
            "--sales", sales.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture), "--pace", pace,
            "--scenario", scenario, "--json",
        ]);

    public void Dispose() => _folder.Dispose();

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
