using System.Net;
using System.Net.Sockets;
using FirmwareSim.Journal;
using FirmwareSim.Lines;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Running;
using FirmwareSim.Session;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Running;

public sealed class SimulatedRegisterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Sells_over_a_pseudo_terminal_until_every_sale_has_its_invoice()
    {
        TestGateway gateway = new();
        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), _stop.Token);
        List<RungUp> rung = [];
        List<Answered> answered = [];
        await using SimulatedRegister register = new(Options(200));
        register.WhenRungUp = rung.Add;
        register.WhenAnswered = answered.Add;

        await register.RunAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30));

        Assert.Equal(200, register.Summary.RungUp);
        Assert.Equal(200, register.Summary.Issued);
        Assert.Null(register.Summary.OldestUnacknowledged);
        Assert.Equal(rung.Select(sale => (sale.Sequence, Convert.ToHexString(sale.RecordHash))), Held(gateway));
        Assert.Equal(rung.Select(sale => sale.Sequence), answered.Select(answer => answer.Sequence));
        Assert.All(answered.Zip(rung), pair => Assert.True(pair.First.Timestamp >= pair.Second.Timestamp));
        await EndAsync(serving);
    }

    [Fact]
    public async Task A_line_cut_in_the_middle_of_a_frame_again_and_again_loses_and_doubles_nothing()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        TestGateway gateway = new() { MaxBody = 512 };
        await using SimulatedRegister register = new(Options(120) with { Pace = TimeSpan.FromMilliseconds(2) });
        Task running = register.RunAsync(TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            using DeviceFile device = PtyHarness.Open(_folder.File("line"));
            await using DeviceStream whole = new(device);
            await using CuttingStream line = new(whole, random.Next(200, 9000));
            Task serving = gateway.ServeAsync(line, line.WhenCut);
            await Task.WhenAny(serving, running).Soon(TimeSpan.FromSeconds(30));
            await line.CutAsync();
            await serving.Soon();
        }

        await running;
        Assert.True(gateway.Hellos > 3, $"{gateway.Hellos} HELLOs, seed {seed}");
        AssertSame(register, gateway, 120);
    }

    [Theory]
    [InlineData(true, 0, 0, 0)]
    [InlineData(false, 30, 0, 0)]
    [InlineData(false, 0, 50, 0)]
    [InlineData(false, 0, 0, 10)]
    public async Task Faults_on_request_lose_and_double_nothing(bool split, int dropAck, int doubled, int flip)
    {
        TestGateway gateway = new();
        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), _stop.Token);
        Disturbance disturbance = new(split, dropAck, doubled, flip, Seed: 3);
        await using SimulatedRegister register = new(Options(40) with { Disturbance = disturbance });

        await register.RunAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(60));

        AssertSame(register, gateway, 40);
        Assert.True(gateway.Repeated + gateway.TooEarly > 0 || split, "nothing was ever sent twice, nothing was missed");
        await EndAsync(serving);
    }

    [Fact]
    public async Task A_register_over_the_same_journal_goes_on_with_the_same_baskets()
    {
        TestGateway gateway = new();
        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), _stop.Token);
        await using (SimulatedRegister first = new(Options(10)))
        {
            await first.RunAsync(TestContext.Current.CancellationToken).Soon();
        }

        await using (SimulatedRegister second = new(Options(25)))
        {
            await second.RunAsync(TestContext.Current.CancellationToken).Soon();
            AssertSame(second, gateway, 25);
            Assert.Equal(2U, second.Summary.Boot);
            Assert.Equal(
                Enumerable.Range(1, 25).Select(seq => new FirmwareSim.Baskets.BasketMaker(7).Make((ulong)seq).Total),
                second.Records().Select(record => record.Total));
        }

        await EndAsync(serving);
    }

    [Fact]
    public async Task An_empty_gateway_gets_everything_again_with_the_codes_that_customers_hold()
    {
        TestGateway gateway = new() { MaxBody = 512 };
        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), _stop.Token);
        await using (SimulatedRegister first = new(Options(30)))
        {
            await first.RunAsync(TestContext.Current.CancellationToken).Soon();
        }

        var results = gateway.Records.ToDictionary(item => item.Key, item => item.Value.Result);
        gateway.ForgetAfter(4);
        await using (SimulatedRegister second = new(Options(33)))
        {
            await second.RunAsync(TestContext.Current.CancellationToken).Soon();
            AssertSame(second, gateway, 33);
        }

        Assert.Equal(Enumerable.Range(5, 26).Select(seq => (ulong)seq), gateway.RecoveredRecords.Select(record => record.Seq));
        Assert.All(results, item => Assert.Equal(item.Value, gateway.Records[item.Key].Result));
        await EndAsync(serving);
    }

    [Fact]
    public async Task A_conflict_stops_selling_also_after_a_restart()
    {
        TestGateway gateway = new() { Instead = seq => seq == 5 ? TestGateway.Nak(NakReason.Conflict) : null };
        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), _stop.Token);
        using CancellationTokenSource end = new();
        await using (SimulatedRegister register = new(Options(1000) with { Pace = TimeSpan.FromMilliseconds(1) }))
        {
            Task running = register.RunAsync(end.Token);
            await Waiting.Until(() => register.Summary.Stopped is not null, "stopped");
            Assert.Equal(Phase.Stopped, register.Phase);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
        }

        long rung = RegisterJournal.Read(_folder.File("journal")).Counts.Sales;
        Assert.InRange(rung, 5, 999);
        gateway.Instead = _ => null;
        gateway.InsteadOfWelcome = txn => TestGateway.Nak(NakReason.Conflict, txn);
        using CancellationTokenSource endAgain = new();
        await using SimulatedRegister again = new(Options(1000));
        Task runningAgain = again.RunAsync(endAgain.Token);
        await Waiting.Until(() => again.Phase == Phase.Stopped, "stopped again");
        Assert.Equal(rung, again.Summary.RungUp);
        await endAgain.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runningAgain.Soon());
        await EndAsync(serving);
    }

    [Fact]
    public async Task A_full_journal_refuses_to_sell_and_goes_on_when_there_is_room()
    {
        TestGateway gateway = new();
        await using SimulatedRegister register = new(Options(30) with { Limits = new JournalLimits(Capacity: 8, Retention: 2) });
        Task running = register.RunAsync(TestContext.Current.CancellationToken);
        await Waiting.Until(() => register.Summary.RungUp == 8, "full");

        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), _stop.Token);
        await running.Soon(TimeSpan.FromSeconds(30));

        Assert.Equal((30L, 30L), (register.Summary.RungUp, register.Summary.Issued));
        Assert.Equal(30, gateway.Records.Count);
        await EndAsync(serving);
    }

    [Fact]
    public async Task Sells_over_tcp_as_client_and_survives_a_gateway_that_closes()
    {
        TestGateway gateway = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using SimulatedRegister register = new(Options(60) with
        {
            Line = () => new TcpClientLine("127.0.0.1", port, TimeProvider.System),
            Pace = TimeSpan.FromMilliseconds(2),
        });
        Task running = register.RunAsync(TestContext.Current.CancellationToken);
        for (int connection = 0; !running.IsCompleted; connection++)
        {
            using CancellationTokenSource cut = new();
            using TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).Soon();
            Task serving = gateway.ServeAsync(client.GetStream(), cut.Token);
            ulong enough = connection == 0 ? 20UL : ulong.MaxValue;
            await Waiting.Until(() => running.IsCompleted || gateway.Durable >= enough, "far enough", TimeSpan.FromSeconds(30));
            await cut.CancelAsync();
            await serving.Soon();
        }

        await running;
        AssertSame(register, gateway, 60);
    }

    [Fact]
    public async Task Sells_over_tcp_as_server_where_a_newer_connection_takes_the_place_of_a_half_open_one()
    {
        TestGateway gateway = new();
        await using TcpListenLine line = new(IPAddress.Loopback, 0);
        await using SimulatedRegister register = new(Options(20) with { Line = () => line });
        Task running = register.RunAsync(TestContext.Current.CancellationToken);
        using TcpClient dead = new();
        await dead.ConnectAsync(IPAddress.Loopback, line.Port, TestContext.Current.CancellationToken);
        await Waiting.Until(() => register.Phase == Phase.Greeting, "greeting the dead one");

        using TcpClient alive = new();
        await alive.ConnectAsync(IPAddress.Loopback, line.Port, TestContext.Current.CancellationToken);
        Task serving = gateway.ServeAsync(alive.GetStream(), _stop.Token);
        await running.Soon();

        AssertSame(register, gateway, 20);
        await EndAsync(serving);
    }

    [Fact]
    public async Task A_manual_clock_drives_pace_and_resend()
    {
        ManualTime time = new();
        TestGateway gateway = new() { Answers = new EveryNth(1).Next };
        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), _stop.Token);
        using CancellationTokenSource end = new();
        await using SimulatedRegister register = new(Options(2) with { Time = time, Pace = TimeSpan.FromMinutes(1) });
        Task running = register.RunAsync(end.Token);
        await Waiting.Until(() => gateway.Durable == 1 && time.ArmedTimers == 2, "one sale recorded, its answer lost");
        Assert.Equal(1, register.Summary.RungUp);

        gateway.Answers = _ => true;
        await Waiting.Until(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(500));
                return register.Summary.Issued == 1;
            },
            "answered on the second sending");
        time.Advance(TimeSpan.FromMinutes(1));
        await Waiting.Until(() => register.Summary.RungUp == 2, "the next sale");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
        await EndAsync(serving);
    }

    internal static IEnumerable<(ulong, string)> Held(TestGateway gateway) =>
        gateway.Records.OrderBy(item => item.Key).Select(item => (item.Key, Convert.ToHexString(item.Value.Hash)));

    private static void AssertSame(SimulatedRegister register, TestGateway gateway, int sales)
    {
        Assert.Equal(sales, register.Summary.RungUp);
        Assert.Equal(sales, register.Summary.Issued);
        Assert.Equal(register.Records().Select(record => (record.Seq, Convert.ToHexString(record.Hash))), Held(gateway));
        Assert.Equal(register.Records().Select(record => record.Result), gateway.Records.OrderBy(item => item.Key).Select(item => (RecordResult?)item.Value.Result));
        Assert.Equal(sales, register.Records().Select(record => record.Result!.Code).Distinct(StringComparer.Ordinal).Count());
    }

    private async Task EndAsync(Task serving)
    {
        await _stop.CancelAsync();
        await serving.Soon();
    }

    private SimulatedRegisterOptions Options(long sales) => new()
    {
        Serial = "SIM-0001",
        JournalPath = _folder.File("journal"),
        Line = () => PseudoTerminalLine.Create(_folder.File("line")),
        Sales = sales,
        Seed = 7,
    };
}
