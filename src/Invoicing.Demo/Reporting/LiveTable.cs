using FirmwareSim.Running;
using Invoicing.Demo.Running;
using Spectre.Console;

namespace Invoicing.Demo.Reporting;

/// <summary>The demo's table on the terminal: what is rung up, journaled, verified and seen, five times a second.</summary>
internal static class LiveTable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RefreshWithoutTerminal = TimeSpan.FromSeconds(2);

    /// <summary>Shows until cancelled.</summary>
    public static async Task ShowAsync(DemoShop shop, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            await EachAsync(RefreshWithoutTerminal, time, () => Console.WriteLine(Line(shop)), cancellationToken);
            return;
        }

        await AnsiConsole.Live(Table(shop)).StartAsync(context =>
            EachAsync(Refresh, time, () => context.UpdateTarget(Table(shop)), cancellationToken));
    }

    private static async Task EachAsync(TimeSpan period, TimeProvider time, Action show, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                show();
            }
        }
        catch (OperationCanceledException)
        {
            show(); // the last state stays on the screen
        }
    }

    private static string Line(DemoShop shop) =>
        $"rung up {shop.Times.RungUpCount}, journal {shop.Journaled} entries, acknowledged {shop.Acknowledged}, seen {shop.Times.SeenCount}, "
        + $"ring-up to official p50 {shop.Times.Percentile(0.5):0.0} ms, p99 {shop.Times.Percentile(0.99):0.0} ms";

    private static Rows Table(DemoShop shop)
    {
        Table table = new Table().RoundedBorder().AddColumns("register", "rung up", "coded and answered", "held");
        foreach (RegisterSummary register in shop.Registers)
        {
            table.AddRow(register.Serial, $"{register.RungUp}", $"{register.Issued}", $"{register.Held}");
        }

        return new Rows(
            table,
            new Markup($"journal [bold]{shop.Journaled}[/] entries   verified by the authority [bold]{shop.Acknowledged}[/]   seen by the official [bold]{shop.Times.SeenCount}[/]"),
            new Markup($"ring-up to official: p50 [bold]{shop.Times.Percentile(0.5):0.0} ms[/]   p99 [bold]{shop.Times.Percentile(0.99):0.0} ms[/]   (Ctrl-C ends and reconciles)"));
    }
}
