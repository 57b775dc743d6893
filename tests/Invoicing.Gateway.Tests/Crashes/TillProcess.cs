using System.Globalization;
using Invoicing.Chain;
using Invoicing.Sales;

namespace Invoicing.Gateway.Tests.Crashes;

/// <summary>A till that embeds the gateway and rings up sales as fast as it can, in a process of its own, until somebody ends it.</summary>
/// <remarks>
/// Writes one line for each sale that it was told is issued, after it was told: <c>register sequence code number hash</c>. A lost line is a
/// sale that is recorded and was not told; the other way round would be a broken promise.
/// </remarks>
internal static class TillProcess
{
    /// <summary>Exit code after a failed write, as the embedding contract asks of a host.</summary>
    public const int WriteFailed = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        string journal = args[0];
        var bundle = ClientBundle.Parse(await File.ReadAllTextAsync(args[1]), args[1]);
        int registers = int.Parse(args[2], CultureInfo.InvariantCulture);
        await using Stream output = Console.OpenStandardOutput();
        try
        {
            await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
                new() { JournalPath = journal, Bundle = bundle, EveryRegisterIsNew = true });
            Task[] lanes = [.. Enumerable.Range(1, registers).Select(register => RingUpAsync(gateway, $"SIM-{register:0000}", output))];
            await await Task.WhenAny([.. lanes, gateway.Completion]);
            return 0;
        }
        catch (InvoicingException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return WriteFailed;
        }
    }

    private static async Task RingUpAsync(InvoicingGateway gateway, string register, Stream output)
    {
        RegisterStanding standing = await gateway.WelcomeAsync(new(new(register), TestShop.Epoch, 0, 0, 0), default);
        for (ulong sequence = ((RegisterStanding.Open)standing).LastDurable + 1; ; sequence++)
        {
            // Like a till that does not know whether its last sale got through: the one before comes again, and must get the same answer.
            if (sequence > 1 && sequence % 3 == 0)
            {
                await TellAsync(await gateway.IssueAsync(TestShop.Sale(sequence - 1, register)), output);
            }

            await TellAsync(await gateway.IssueAsync(TestShop.Sale(sequence, register)), output);
        }
    }

    private static async Task TellAsync(IssuedInvoice issued, Stream output)
    {
        SaleKey key = issued.Invoice.Sale.Key;
        byte[] line = System.Text.Encoding.ASCII.GetBytes(
            $"{key.Register} {key.Sequence} {issued.Invoice.Code} {issued.Invoice.Number} {issued.Entry.Hash}\n");
        lock (output)
        {
            output.Write(line);
            output.Flush();
        }

        await Task.Yield();
    }
}
