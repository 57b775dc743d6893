using System.CommandLine;
using System.Globalization;
using FirmwareSim.Journal;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim journal</c>: what a register's journal holds; also while the register runs.</summary>
internal static class JournalCommand
{
    public static Command Create()
    {
        Command command = new("journal", "Lists the records of a register's journal, oldest first.");
        Option<string> journal = new("--journal") { Description = "The journal's file", HelpName = "FILE", Required = true };
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        command.Add(journal);
        command.Add(json);
        command.SetAction(result =>
        {
            RecordIndex index = RegisterJournal.Read(result.GetRequiredValue(journal));
            foreach (JournalRecord record in index.Records)
            {
                var row = Row.Of(index.Epoch, record);
                Console.WriteLine(result.GetValue(json) ? JsonLines.Of(row) : row.ToText());
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>One record as it is listed; a hash is 64 hexadecimal digits, empty if the record no longer reads.</summary>
    internal sealed record Row(
        ulong Sequence,
        string Epoch,
        string Hash,
        string Kind,
        DateTimeOffset Closed,
        long Total,
        bool Acknowledged,
        string? Outcome,
        string? Code,
        string? Series,
        uint? Number,
        int? HoldReason,
        string? Text)
    {
        public static Row Of(ulong epoch, JournalRecord record) => new(
            record.Seq,
            epoch.ToString("X16", CultureInfo.InvariantCulture),
            Convert.ToHexString(record.Hash),
            record.Kind.ToString(),
            record.Closed,
            record.Total,
            record.Result is not null,
            record.Result?.Outcome.ToString(),
            record.Result?.Code ?? record.Leased?.Code,
            record.Result?.Series ?? record.Leased?.Series,
            record.Result?.Code is null ? record.Leased?.Number : record.Result.Number,
            record.Result?.Outcome == Records.Outcome.Held ? record.Result.HoldReason : null,
            record.Result?.Text);

        public string ToText() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Sequence,8}  {Hash.PadRight(16)[..16]}  {Kind,-10}  {Closed:yyyy-MM-dd HH:mm:ss}  {Total,12}  {Outcome ?? "waiting",-8}  {Code}{Text}");
    }
}
