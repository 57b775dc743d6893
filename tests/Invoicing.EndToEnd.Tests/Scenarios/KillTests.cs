using System.Security.Cryptography;
using Invoicing.EndToEnd.Tests.Processes;

namespace Invoicing.EndToEnd.Tests.Scenarios;

[Trait("Tier", "EndToEnd")]
public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>Of each of the three programs.</summary>
    private const int Kills = 50;

    [Fact]
    public async Task Each_program_killed_fifty_times_at_random_loses_and_doubles_no_sale()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        using Shop shop = await Shop.CreateAsync();
        string[] serials = ["SIM-0001", "SIM-0002"];
        string config = shop.Configure(serials.Select(s => $"serial:{shop.Link(s)}"));
        var fleet = new Fleet(shop, config, serials, seed);
        await using (fleet)
        {
            await fleet.StartAsync();
            await fleet.KillAtRandomAsync(Kills);
        }

        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        int sales = 0;
        foreach (string serial in serials)
        {
            // A few more each, so that whatever was under way at the last kill has to be settled; then every register ends by itself.
            sales = Math.Max(sales, (await Reconciliation.RegisterAsync(shop, serial)).Count + 5);
        }

        ProgramRun[] registers = [.. serials.Select((serial, i) => shop.StartRegister(serial, sales, seed: i, "flat"))];
        foreach (ProgramRun register in registers)
        {
            await using (register)
            {
                Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(2)));
            }
        }

        await shop.UntilAllIsAcknowledgedAsync();
        Assert.Equal(0, await edge.TerminateAsync());
        output.WriteLine($"{Kills} kills of each, {sales} sales of each of {serials.Length} registers");
        await Reconciliation.AssertAsync(shop, serials, sales, shop.JournalFile);
    }

    /// <summary>Programs that are killed and started again while they work.</summary>
    private sealed class Fleet(Shop shop, string config, string[] serials, int seed) : IAsyncDisposable
    {
        private const int Endless = 1_000_000;

        private readonly Random _random = new(seed);
        private readonly ProgramRun[] _registers = new ProgramRun[serials.Length];
        private ProgramRun? _authority;
        private ProgramRun? _edge;

        public async Task StartAsync()
        {
            _authority = await shop.StartAuthorityAsync();
            _edge = await shop.StartEdgeAsync(config);
            for (int i = 0; i < _registers.Length; i++)
            {
                _registers[i] = StartRegister(i);
            }
        }

        public async Task KillAtRandomAsync(int kills)
        {
            int[] victims = [.. Enumerable.Range(0, 3 * kills).Select(i => i % 3)];
            _random.Shuffle(victims);
            foreach (int victim in victims)
            {
                // The moment is the point: anywhere in start, greeting, recording, sending.
                await Task.Delay(_random.Next(20, 500));
                switch (victim)
                {
                    case 0:
                        await _authority!.DisposeAsync();
                        _authority = shop.LaunchAuthority();
                        break;
                    case 1:
                        await _edge!.DisposeAsync();
                        _edge = shop.LaunchEdge(config);
                        break;
                    default:
                        int register = _random.Next(_registers.Length);
                        await _registers[register].DisposeAsync();
                        _registers[register] = StartRegister(register);
                        break;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (ProgramRun? program in _registers.Append(_edge).Append(_authority))
            {
                if (program is not null)
                {
                    await program.DisposeAsync();
                }
            }
        }

        private ProgramRun StartRegister(int index) => shop.StartRegister(serials[index], Endless, seed: index, "20ms");
    }
}
