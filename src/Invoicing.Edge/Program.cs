using System.CommandLine;
using Invoicing.Edge.Commands;

// Exit codes: 0 done · 1 wrong words or configuration · 2 a check found faults · 3 the service is not running · 70 recording ended: a write failed
var root = new RootCommand("Reads sales from cash registers, makes signed invoices of them and delivers them to the tax authority.")
{
    EnrolCommand.Create(TimeProvider.System),
    RunCommand.Create(),
    StatusCommand.Create(),
    RegistersCommand.Create(),
    PortsCommand.Create(),
    CaptureCommand.Create(),
    CapturesCommand.Create(),
    TemplateCommand.Create(),
    CodePageCommand.Create(),
    CorrectCommand.Create(),
    HeldCommand.Create(),
    VerifyCommand.Create(),
    ExportCommand.Create(),
    CatalogueCommand.Create(),
    BuyerCommand.Create(),
    ImportResponseCommand.Create(),
    NationalCommand.Create(),
    ConformanceCommand.Create(),
    KeysCommand.Create(),
    TokenHostCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration
{
    // Long enough to finish the group in hand and to wait for its acknowledgement; then the process is ended.
    ProcessTerminationTimeout = TimeSpan.FromSeconds(15),
    EnableDefaultExceptionHandler = false,
}).ConfigureAwait(false);
