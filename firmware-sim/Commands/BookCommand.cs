using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FirmwareSim.Tills;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim book</c>: what a register rang up that speaks something else than TLK/1; also while it runs.</summary>
internal static class BookCommand
{
    public static Command Create()
    {
        Command command = new("book", "Lists what is in a register's own book, oldest first (not of TLK/1: that is \"journal\").");
        Option<string> book = new("--journal") { Description = "The book's file", HelpName = "FILE", Required = true };
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        command.Add(book);
        command.Add(json);
        command.SetAction(result =>
        {
            foreach (RungReceipt receipt in SalesBook.Read(result.GetRequiredValue(book)))
            {
                Console.WriteLine(result.GetValue(json) ? JsonSerializer.Serialize(receipt, SalesBook.Json) : Text(receipt));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Text(RungReceipt receipt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{receipt.Position,7}  {receipt.Register,-12}  Z{receipt.Z:D4}  {receipt.Number:D7}  {receipt.Class,-10}  {receipt.Time:yyyy-MM-dd HH:mm:ss}  {receipt.Total,12}");
}
