using Invoicing.Gateway.Captures;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    private readonly CaptureStore _captures;

    /// <summary>
    /// What was captured from registers that cannot be asked again, beside the journal (<see cref="CaptureStore.PathOf"/>). Its file is opened
    /// with the first book, and closed with the gateway; whoever serves a register's line ends before.
    /// </summary>
    public CaptureStore Captures => _captures;

    private ulong DurableThrough(RegisterId register, ulong epoch) =>
        _recorder.State.Lines.TryGetValue(new(register, epoch), out LineState? line) ? line.LastSequence : 0;
}
