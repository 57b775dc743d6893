using Invoicing.Benchmarks.Feed;
using Invoicing.Benchmarks.Intake;
using Invoicing.Benchmarks.Live;
using Invoicing.Benchmarks.Rpc;

string verb = args.Length == 0 ? "" : args[0];
string[] rest = args.Length == 0 ? [] : args[1..];
switch (verb)
{
    case "rpc":
        return await RpcBenchmark.RunAsync(rest);
    case "live":
        return await LiveBenchmark.RunAsync(rest);
    case "feed":
        return await FeedBenchmark.RunAsync(rest);
    case "intake":
        return await IntakeBenchmark.RunAsync(rest);
    default:
        await Console.Error.WriteLineAsync("Usage: Invoicing.Benchmarks intake|live|feed|rpc [--pairs N] [--seconds S] [--only TEXT]");
        return 2;
}
