#pragma warning disable CA2000 // A connection owns the port that it is made of.
using System.Net;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tests.Lines;
using Invoicing.Registers.Tests.Tlk.Session;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>The same driver and the same register over a real pseudo-terminal and over TCP, in real time.</summary>
[SupportedOSPlatform("linux")]
public sealed class TlkOverLinesTests
{
    private readonly FakeRecorder _recorder = new();
    private readonly List<byte[]> _journal = [];
    private readonly Dictionary<ulong, int> _results = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_a_serial_cable_that_is_pulled_in_the_middle_of_a_frame_every_sale_arrives_once()
    {
        using TempFolder folder = new();
        (string near, string far) = (folder.File("near"), folder.File("far"));
        await using SerialLine line = new(new() { Path = near, LockFolder = null }, TimeProvider.System, NullLogger<SerialLine>.Instance);
        using CancellationTokenSource stop = new();
        TlkDriver driver = Driver(line);
        Task running = driver.RunAsync(stop.Token);
        for (int cable = 0; cable < 3; cable++)
        {
            using (await Socat.CableAsync(near, far))
            {
                await using SerialConnection end = new(far, SerialPortHandle.Open(new() { Path = far, LockFolder = null }));
                await Waiting.Until(() => driver.Status.Phase != TlkPhase.Down, "the gateway's end open");
                ScriptedRegister register = new(end, _journal, _results);
                await register.GreetAsync();
                await SellAsync(register, 20);

                ulong cut = register.RingUp(Vectors.Record(1));
                byte[] wire = SessionBench.Rec(cut, _journal[^1]).ToWire();
                await register.SendAsync(wire[..(wire.Length / 2)]);
            }

            await Waiting.Until(() => driver.Status.Phase == TlkPhase.Down, "the pulled cable seen");
        }

        using (await Socat.CableAsync(near, far))
        {
            await using SerialConnection end = new(far, SerialPortHandle.Open(new() { Path = far, LockFolder = null }));
            await Waiting.Until(() => driver.Status.Phase != TlkPhase.Down, "the gateway's end open");
            ScriptedRegister register = new(end, _journal, _results);
            await register.GreetAsync();
            await SellAsync(register, 0);
        }

        await EndAsync(stop, running);
        AllOnce(63);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Over_TCP_whoever_calls_every_sale_arrives_once(bool registerCalls)
    {
        await using TcpServerLine server = new(new(IPAddress.Loopback, 0), null, TimeProvider.System, NullLogger<TcpServerLine>.Instance);
        server.Listen();
        await using TcpClientLine client = new("127.0.0.1", server.Endpoint!.Port, TimeProvider.System, NullLogger<TcpClientLine>.Instance);
        using CancellationTokenSource stop = new();
        ILine mine = registerCalls ? client : server;
        Task running = Driver(registerCalls ? server : client).RunAsync(stop.Token);
        for (int call = 0; call < 3; call++)
        {
            await using ILineConnection end = await mine.ConnectAsync(Cancel).Soon();
            ScriptedRegister register = new(end, _journal, _results);
            await register.GreetAsync();
            await SellAsync(register, 20);
            await register.SendAsync(SessionBench.Rec(register.RingUp(Vectors.Record(0)), _journal[^1]).ToWire()[..50]);
        }

        await using (ILineConnection end = await mine.ConnectAsync(Cancel).Soon())
        {
            ScriptedRegister register = new(end, _journal, _results);
            await register.GreetAsync();
            await SellAsync(register, 0);
        }

        await EndAsync(stop, running);
        AllOnce(63);
    }

    /// <summary>Sends what has no result yet, then rings up more; a window of 4.</summary>
    private async Task SellAsync(ScriptedRegister register, int more)
    {
        for (int i = 0; i < more; i++)
        {
            register.RingUp(Vectors.Record(i % 2));
        }

        for (ulong seq = register.Acked + 1; seq <= (ulong)_journal.Count; seq += 4)
        {
            ulong last = Math.Min(seq + 3, (ulong)_journal.Count);
            for (ulong one = seq; one <= last; one++)
            {
                await register.SendRecordAsync(one);
            }

            for (ulong one = seq; one <= last; one++)
            {
                await register.ResultAsync(one);
            }
        }
    }

    private void AllOnce(int count)
    {
        Assert.Equal(Enumerable.Range(1, count).Select(i => (ulong)i), _recorder.Records.Select(r => r.Key.Sequence));
        Assert.All(_recorder.Records, r => Assert.Equal(_journal[(int)r.Key.Sequence - 1], r.Bytes[16..].ToArray()));
        Assert.Equal(count, _results.Values.Distinct().Count());
        Assert.Equal(0, _recorder.Conflicts);
    }

    private static async Task EndAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
    }

    private TlkDriver Driver(ILine line) => new(line, _recorder, new() { Register = new RegisterId("SIM-0001") }, TimeProvider.System, NullLogger<TlkDriver>.Instance);
}
