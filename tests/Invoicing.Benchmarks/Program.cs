using Invoicing.Benchmarks.Feed;
using Invoicing.Benchmarks.Intake;
using Invoicing.Benchmarks.Intruders;
using Invoicing.Benchmarks.Issue;
using Invoicing.Benchmarks.Limits;
using Invoicing.Benchmarks.Live;
using Invoicing.Benchmarks.National;
using Invoicing.Benchmarks.Registers;
using Invoicing.Benchmarks.Rpc;
using Invoicing.Benchmarks.Verify;

string verb = args.Length == 0 ? "" : args[0];
string[] rest = args.Length == 0 ? [] : args[1..];
switch (verb)
{
    case "limits":
        return await LimitsBenchmark.RunAsync(rest);
    case "issue":
        return await IssueBenchmark.RunAsync(rest);
    case "verify":
        return await VerifyBenchmark.RunAsync(rest);
    case "rpc":
        return await RpcBenchmark.RunAsync(rest);
    case "intruders":
        return await IntruderBenchmark.RunAsync(rest);
    case "live":
        return await LiveBenchmark.RunAsync(rest);
    case "feed":
        return await FeedBenchmark.RunAsync(rest);
    case "intake":
        return await IntakeBenchmark.RunAsync(rest);
    case "registers":
        return await RegistersBenchmark.RunAsync(rest);
    case "national":
        return NationalBenchmark.Run(rest);
    default:
        await Console.Error.WriteLineAsync("Usage: Invoicing.Benchmarks limits|issue|intake|live|intruders|feed|rpc|verify|national|registers [--pairs N] [--seconds S] [--only TEXT]");
        return 2;
}
