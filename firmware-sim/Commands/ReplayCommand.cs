using System.CommandLine;
using System.Globalization;
using FirmwareSim.Lines;
using FirmwareSim.Replay;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim replay</c>: plays a recording as the register; a regression test in one command.</summary>
internal static class ReplayCommand
{
    public static Command Create(TimeProvider time)
    {
        Command command = new("replay", "Plays a recording as the register and compares what the gateway sends; ends with 0 if all was as recorded, else with 1.");
        Argument<string> file = new("file") { Description = "The recording: JSON lines" };
        Option<string> line = new("--line") { Description = "Where the gateway is: " + LineAddress.Expected, HelpName = "LINE", Required = true };
        Option<bool> lenient = new("--lenient")
        {
            Description = "Datecs: requests may have another SEQ; replies get the one that came. tlk: what the gateway says is compared, not its bytes; needed there",
        };
        Option<bool> timed = new("--timed") { Description = "Keep the register's pauses; without, it answers at once" };
        Option<string> patience = new("--patience") { Description = "How long to wait for what the gateway should send [default: 30s]", HelpName = "TIME" };
        Option<string> serial = new("--serial")
        {
            Description = "tlk: who the register is if the recording began after its HELLO [default: as a later HELLO says, else REPLAYED]",
            HelpName = "SERIAL",
        };
        Option<bool> json = new("--json") { Description = "End with one line of JSON" };
        command.Add(file);
        command.Add(line);
        command.Add(lenient);
        command.Add(timed);
        command.Add(patience);
        command.Add(serial);
        command.Add(json);
        command.SetAction((result, cancellationToken) =>
        {
            SettingSource source = new(key => result.GetValue(key == "line" ? line : key == RunSettings.Serial ? serial : patience), null, []);
            LineAddress address = source.Require<LineAddress>("line", LineAddress.Expected, RunSettings.TryLine);
            ReplayOptions options = new(
                result.GetValue(lenient), result.GetValue(timed),
                source.Read<TimeSpan>("patience", "a time such as 200ms or 2s", RunSettings.TryPace, ReplayOptions.DefaultPatience))
            {
                Serial = source.WhereGiven(RunSettings.Serial) is null ? null
                    : source.Require<string>(RunSettings.Serial, "1 to 32 ASCII characters without blanks", RunSettings.TrySerial),
            };
            var recording = RecordedLine.Read(result.GetRequiredValue(file));
            return RunAsync(RecordingPlayers.For(recording, options), address.Create(time), result.GetValue(json), time, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(IRecordingPlayer player, ILine line, bool json, TimeProvider time, CancellationToken cancellationToken)
    {
        await using ILine held = line;
        ReplayResult result = await player.PlayAsync(held, time, cancellationToken);
        Console.WriteLine(json ? JsonLines.Of(result) : Text(result));
        return result.Difference is null ? ExitCode.Done : ExitCode.Fault;
    }

    private static string Text(ReplayResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Done} of {result.Steps} steps as recorded, {result.Sent} bytes sent, {result.Taken} taken; {result.Difference ?? "no difference"}");
}
