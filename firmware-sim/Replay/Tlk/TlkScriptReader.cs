using FirmwareSim.Messages;

namespace FirmwareSim.Replay.Tlk;

/// <summary>Makes a script of a recording.</summary>
internal static class TlkScriptReader
{
    /// <summary>Reads it.</summary>
    /// <param name="recording">A recording of TLK/1.</param>
    /// <param name="serial">Who the register is where the recording does not say; null: as a later HELLO says.</param>
    /// <exception cref="IOException">It is sealed.</exception>
    public static TlkScript Read(RecordedLine recording, string? serial)
    {
        HashSet<NakReason> refusals = [];
        HashSet<(byte Reason, byte About)> errors = [];
        List<TlkConnection> connections = [];
        TlkConnectionReader? reader = null;
        long last = 0;
        for (int i = 0; i < recording.Steps.Count; i++)
        {
            RecordingStep step = recording.Steps[i];
            if (reader is not null && step.OpenedAt is long opened)
            {
                connections.Add(reader.End(Math.Max(0, opened - last)));
                reader = null;
            }

            reader ??= new(isFirst: i == 0, refusals, errors);
            reader.Take(step, i + 1);
            last = step.Milliseconds;
        }

        if (reader is not null)
        {
            connections.Add(reader.End(null));
        }

        if (connections.Count > 0)
        {
            connections[0] = TlkIntroduction.Of(connections, serial);
        }

        // A connection on which the register said nothing has nothing to play.
        connections.RemoveAll(connection => !connection.Cues.OfType<TlkCue.Said>().Any());
        return new(connections, new TlkShelf(Records(connections)), refusals, errors);
    }

    internal static IEnumerable<RecordedRecord> Records(IEnumerable<TlkConnection> connections) =>
        connections.SelectMany(connection => connection.Cues).OfType<TlkCue.Record>().Select(cue => cue.Content);
}
