using System.CommandLine;
using System.Text;
using FirmwareSim.Bytes;
using FirmwareSim.Commands;
using FirmwareSim.Journal;

Console.OutputEncoding = Encoding.UTF8;
RootCommand root = new("A cash register in software: sells Vietnamese goods and speaks to a gateway as real ones do.")
{
    RunCommand.Create(TimeProvider.System),
    JournalCommand.Create(),
    BasketsCommand.Create(),
    GoodsCommand.Create(),
    BookCommand.Create(),
    FaultsCommand.Create(),
    ReplayCommand.Create(TimeProvider.System),
};

try
{
    // Long enough for an fsync on a slow card and for the summary after Ctrl-C or SIGTERM.
    InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(5) };
    ParseResult parsed = root.Parse(args);
    return parsed.Errors.Count > 0 ? Complain(parsed) : await parsed.InvokeAsync(configuration);
}
catch (SettingException e)
{
    await Console.Error.WriteLineAsync("firmware-sim: " + e.Message);
    return ExitCode.Usage;
}
catch (Exception e) when (e is JournalException or MalformedException or IOException or UnauthorizedAccessException
    or System.Net.Sockets.SocketException or PlatformNotSupportedException)
{
    await Console.Error.WriteLineAsync("firmware-sim: " + e.Message);
    return ExitCode.Fault;
}

static int Complain(ParseResult parsed)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        Console.Error.WriteLine("firmware-sim: " + error.Message);
    }

    Console.Error.WriteLine("firmware-sim: see --help");
    return ExitCode.Usage;
}
