using System.CommandLine;
using System.Globalization;
using Invoicing.Demo.Reconciling;
using Invoicing.Demo.Reporting;
using Invoicing.Demo.Running;

namespace Invoicing.Demo;

/// <summary>The program: the main job, end to end, in one process.</summary>
internal static class DemoCommand
{
    private const int Agrees = 0;
    private const int BadWords = 1;
    private const int Differs = 2;

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>0 if the four counts agree, item by item; 1 for wrong words; 2 if they do not agree.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var registers = new Option<int>("--registers") { Description = "Registers at work, 1 to 64.", DefaultValueFactory = _ => 3 };
        var sales = new Option<int?>("--sales") { Description = "Sales per register; without it the demo runs until Ctrl-C." };
        var seed = new Option<long>("--seed") { Description = "Same seed, same baskets.", DefaultValueFactory = _ => 1 };
        var pace = new Option<string>("--pace") { Description = "Pause between two sales of a register: 200ms, 2s, or flat.", DefaultValueFactory = _ => "100ms" };
        var json = new Option<bool>("--json") { Description = "Ends with the reconciliation as one JSON line." };
        var data = new Option<string?>("--data") { Description = "Folder for journals, ledger and keys, kept afterwards; without it a temporary one.", HelpName = "DIR" };
        var root = new RootCommand(
            "Registers, edge, authority and an official in one process: sales are rung up, journaled, verified and seen, and at the end reconciled.")
        {
            registers, sales, seed, pace, data, json,
        };
        root.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = new DemoPlan(
                Within("--registers", parsed.GetValue(registers), 1, 64),
                parsed.GetValue(sales) is { } count ? Within("--sales", count, 1, 10_000_000) : null,
                parsed.GetValue(seed),
                Pace(parsed.GetValue(pace)!));
            return await RunAsync(plan, parsed.GetValue(data), parsed.GetValue(json), cancellationToken);
        });
        try
        {
            ParseResult parsed = root.Parse(args);
            int code = await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(60), // the reconciliation after Ctrl-C is the point of the demo
            });
            return parsed.Errors.Count > 0 ? BadWords : code;
        }
        catch (InvoicingException fault)
        {
            await Console.Error.WriteLineAsync($"demo: {fault.Message}");
            return BadWords;
        }
    }

    private static async Task<int> RunAsync(DemoPlan plan, string? data, bool json, CancellationToken cancellationToken)
    {
        string folder = data ?? Directory.CreateTempSubdirectory("invoicing-demo-").FullName;
        Directory.CreateDirectory(folder);
        try
        {
            Reconciliation result;
            DemoShop shop = await DemoShop.OpenAsync(plan, folder, TimeProvider.System, cancellationToken);
            await using (shop)
            {
                using var stopShowing = new CancellationTokenSource();
                Task showing = json ? Task.CompletedTask : LiveTable.ShowAsync(shop, TimeProvider.System, stopShowing.Token);
                await shop.SellAsync(cancellationToken);
                await stopShowing.CancelAsync();
                await showing;
                result = await shop.ReconcileAsync();
            }

            Console.WriteLine(json ? result.ToJson() : result.ToText());
            return result.Agrees ? Agrees : Differs;
        }
        finally
        {
            if (data is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static int Within(string option, int value, int least, int most) =>
        value >= least && value <= most ? value
        : throw new InvoicingException(string.Create(CultureInfo.InvariantCulture, $"{option}: expected {least} to {most}, found {value}"));

    private static TimeSpan Pace(string text)
    {
        if (text == "flat")
        {
            return TimeSpan.Zero;
        }

        (string digits, int scale) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1) : (text.TrimEnd('s'), 1000);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 86_400 && text[^1] == 's'
            ? TimeSpan.FromMilliseconds((long)count * scale)
            : throw new InvoicingException($"--pace: expected 200ms, 2s or flat, found '{text}'");
    }
}
