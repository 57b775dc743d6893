using FirmwareSim.Journal;
using FirmwareSim.Lines;
using FirmwareSim.Running;
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

        await register.RunAsync(TestContext.Current.CancellationToken).Soon();

        Assert.Equal(200, register.Summary.RungUp);
        Assert.Equal(200, register.Summary.Issued);
        Assert.Null(register.Summary.OldestUnacknowledged);
        Assert.Equal(rung.Select(sale => (sale.Sequence, Convert.ToHexString(sale.RecordHash))), Held(gateway));
        Assert.Equal(rung.Select(sale => sale.Sequence), answered.Select(answer => answer.Sequence));
        await _stop.CancelAsync();
        await serving.Soon();
    }

    internal static IEnumerable<(ulong, string)> Held(TestGateway gateway) =>
        gateway.Records.OrderBy(item => item.Key).Select(item => (item.Key, Convert.ToHexString(item.Value.Hash)));

    private SimulatedRegisterOptions Options(long sales) => new()
    {
        Serial = "SIM-0001",
        JournalPath = _folder.File("journal"),
        Line = () => PseudoTerminalLine.Create(_folder.File("line")),
        Sales = sales,
        Seed = 7,
    };
}
