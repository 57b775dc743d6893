using Invoicing.Benchmarks.Rpc;

string verb = args.Length == 0 ? "" : args[0];
string[] rest = args.Length == 0 ? [] : args[1..];
switch (verb)
{
    case "rpc":
        return await RpcBenchmark.RunAsync(rest);
    default:
        await Console.Error.WriteLineAsync("Usage: Invoicing.Benchmarks rpc [--pairs N] [--seconds S] [--only TEXT]");
        return 2;
}
