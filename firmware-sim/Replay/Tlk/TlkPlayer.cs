using System.Globalization;
using FirmwareSim.Lines;

namespace FirmwareSim.Replay.Tlk;

/// <summary>Plays a recording of TLK/1: carries a <see cref="TlkConversation"/> over a line.</summary>
/// <remarks>
/// What the gateway says is compared by its meaning. Records with leased codes are held by any gateway but the one that granted them,
/// which is found as a difference.
/// </remarks>
internal sealed class TlkPlayer : IRecordingPlayer
{
    /// <summary>As a recording names it.</summary>
    public const string Protocol = "tlk";

    private readonly RecordedLine _recording;
    private readonly ReplayOptions _options;
    private readonly TlkConversation _conversation;
    private long _sent;
    private long _taken;

    /// <summary>Prepares a replay.</summary>
    /// <exception cref="IOException">Not leniently, or sealed.</exception>
    public TlkPlayer(RecordedLine recording, ReplayOptions options)
    {
        if (!options.IsLenient)
        {
            throw new IOException(
                $"a recording of {Protocol}: expected --lenient, found none: a gateway's answers bear codes, times and nonces of its own, so only their meaning can be compared");
        }

        (_recording, _options) = (recording, options);
        _conversation = new(TlkScriptReader.Read(recording, options.Serial), options);
    }

    /// <inheritdoc/>
    public async Task<ReplayResult> PlayAsync(ILine line, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (!_conversation.IsOver)
        {
            await using Stream connection = await line.OpenAsync(cancellationToken);
            await PlayConnectionAsync(connection, time, () => (long)time.GetElapsedTime(start).TotalMilliseconds, cancellationToken);
        }

        return new(
            _recording.Steps.Count, _conversation.Difference is null ? _recording.Steps.Count : _conversation.StepsDone, _sent, _taken,
            _conversation.Difference);
    }

    /// <summary>A time as a sentence has it.</summary>
    internal static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture) + " s";

    private async Task PlayConnectionAsync(Stream connection, TimeProvider time, Func<long> now, CancellationToken cancellationToken)
    {
        TlkLink link = new(_conversation, connection, _options.Patience, time, now);
        await link.RunAsync(cancellationToken);
        (_sent, _taken) = (_sent + link.Sent, _taken + link.Taken);
    }
}
