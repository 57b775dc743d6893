using System.CommandLine;
using FirmwareSim.Failures;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim faults</c>: the table of faults.</summary>
internal static class FaultsCommand
{
    public static Command Create()
    {
        Command command = new("faults", "Lists the faults that a register can have: number, name, what is counted, protocols, what happens.");
        command.SetAction(_ =>
        {
            foreach (FaultRow row in FaultTable.Rows)
            {
                Console.WriteLine(FormattableString.Invariant($"{(int)row.Fault,2}  {row.Name,-16}  {row.Occasion,-14}  {string.Join(' ', ProtocolNames.In(row.Fits))}"));
                Console.WriteLine("    " + row.Text);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
