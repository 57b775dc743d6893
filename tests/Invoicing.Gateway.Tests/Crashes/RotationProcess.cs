using Invoicing.Chain;
using Invoicing.Sales;

namespace Invoicing.Gateway.Tests.Crashes;

/// <summary>A till whose key is changed all the time while it sells, in a process of its own, until somebody ends it.</summary>
internal static class RotationProcess
{
    public static async Task<int> RunAsync(string[] args)
    {
        var bundle = ClientBundle.Parse(await File.ReadAllTextAsync(args[1]), args[1]);
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            new() { JournalPath = args[0], Bundle = bundle, EveryRegisterIsNew = true });
        RegisterStanding standing = await gateway.WelcomeAsync(new(TestShop.Register, TestShop.Epoch, 0, 0, 0), default);
        Task rotations = RotateAsync(gateway);
        for (ulong sequence = ((RegisterStanding.Open)standing).LastDurable + 1; ; sequence++)
        {
            if (rotations.IsCompleted)
            {
                await rotations;
            }

            IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(sequence));
            Tell($"sale {sequence} {issued.Invoice.Code} 0 {issued.Entry.Hash}");
        }
    }

    private static async Task RotateAsync(InvoicingGateway gateway)
    {
        // No more may be unacknowledged, and nobody acknowledges here.
        for (int i = 0; i < PossessionProof.MaxKeyChanges; i++)
        {
            KeyRotation done = await gateway.RotateKeyAsync();
            Tell($"key {done.Position} - 0 {done.Id}");
        }
    }

    private static void Tell(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
