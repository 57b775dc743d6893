using System.Globalization;
using FirmwareSim.Failures;
using FirmwareSim.Lines;
using FirmwareSim.Tills;

namespace FirmwareSim.Replay;

/// <summary>Plays a recording as the register, and compares what the gateway sends with what was recorded. Ends at the first difference.</summary>
internal sealed class RecordingPlayer : IRecordingPlayer
{
    /// <summary>What a gateway calls both dialects.</summary>
    private const string Family = "datecs";

    private readonly RecordedLine _recording;
    private readonly ReplayOptions _options;
    private readonly SequenceStamp? _stamp;
    private int _done;
    private long _sent;
    private long _taken;

    /// <summary>Prepares a replay.</summary>
    /// <exception cref="IOException">Lenient, of a protocol whose frames have no SEQ.</exception>
    public RecordingPlayer(RecordedLine recording, ReplayOptions options)
    {
        _recording = recording;
        _options = options;
        _stamp = (options.IsLenient, IsStamped: recording.Protocol == Family || ProtocolNames.Find(recording.Protocol) is Protocol.DatecsX or Protocol.DatecsIsl) switch
        {
            (false, _) => null,
            (true, true) => new SequenceStamp(),
            _ => throw new IOException($"--lenient: expected a recording of datecs, datecs-x, datecs-isl or tlk, found {recording.Protocol}; play it without"),
        };
    }

    /// <inheritdoc/>
    public async Task<ReplayResult> PlayAsync(ILine line, TimeProvider time, CancellationToken cancellationToken)
    {
        string? difference = null;
        while (difference is null && _done < _recording.Steps.Count)
        {
            await using Stream connection = await line.OpenAsync(cancellationToken);
            difference = await PlayConnectionAsync(connection, time, cancellationToken);
        }

        return new ReplayResult(_recording.Steps.Count, _done, _sent, _taken, difference);
    }

    /// <summary>Plays up to the connection's end.</summary>
    /// <returns>The first difference; null if all went as recorded.</returns>
    private async Task<string?> PlayConnectionAsync(Stream connection, TimeProvider time, CancellationToken cancellationToken)
    {
        RegisterWire wire = new(connection, FaultPlan.None(Protocol.None), time);
        await using ByteSource source = new(wire, cancellationToken);
        string? difference = null;
        int first = _done;
        long last = _recording.Steps[first].Milliseconds;
        while (difference is null && _done < _recording.Steps.Count)
        {
            RecordingStep step = _recording.Steps[_done];
            try
            {
                if (_done > first && step.OpenedAt is long opened)
                {
                    return await HangUpAsync(source, TimeSpan.FromMilliseconds(Math.Max(0, opened - last)));
                }

                if (step.IsFromRegister)
                {
                    await PauseAsync(step.Milliseconds - last, time, cancellationToken);
                    await SendRunAsync(wire, time, cancellationToken);
                }
                else
                {
                    difference = await ExpectRunAsync(source);
                }
            }
            catch (IOException)
            {
                difference = string.Create(CultureInfo.InvariantCulture, $"step {_done + 1}: expected the gateway to stay on the line, found that it closed it");
            }

            last = _recording.Steps[Math.Max(0, _done - 1)].Milliseconds;
        }

        return difference;
    }

    /// <summary>The connection ended here: the gateway may hang up by itself, for as long as it took; else the register does.</summary>
    private async Task<string?> HangUpAsync(ByteSource source, TimeSpan limit)
    {
        try
        {
            return await source.ReadAsync(limit) is byte more
                ? string.Create(CultureInfo.InvariantCulture, $"step {_done + 1}: expected nothing more before another connection, found {more:X2}")
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private Task PauseAsync(long milliseconds, TimeProvider time, CancellationToken cancellationToken) =>
        _options.IsTimed && milliseconds > 0 ? Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellationToken) : Task.CompletedTask;

    /// <summary>All steps of the register up to the gateway's next: a frame may be spread over them, and its pieces stay pieces.</summary>
    private async Task SendRunAsync(RegisterWire wire, TimeProvider time, CancellationToken cancellationToken)
    {
        RecordingStep[] run = Run();
        byte[] all = [.. run.SelectMany(step => step.Bytes)];
        byte[] bytes = _stamp?.Rewrite(all) ?? all;
        int at = 0;
        long last = run[0].Milliseconds;
        foreach (RecordingStep step in run)
        {
            await PauseAsync(step.Milliseconds - last, time, cancellationToken);
            await wire.SendSignAsync(bytes.AsMemory(at, step.Bytes.Length), cancellationToken);
            (at, last) = (at + step.Bytes.Length, step.Milliseconds);
            _sent += step.Bytes.Length;
            _done++;
        }
    }

    private async Task<string?> ExpectRunAsync(ByteSource source)
    {
        RecordingStep[] run = Run();
        byte[] expected = [.. run.SelectMany(step => step.Bytes)];
        for (int at = 0; at < expected.Length;)
        {
            int length = _stamp is null ? 1 : SequenceStamp.FrameLength(expected.AsSpan(at)) ?? 1;
            byte[] wanted = expected[at..(at + length)];
            byte[] came = new byte[length];
            for (int i = 0; i < length; i++)
            {
                if (await source.ReadAsync(_options.Patience) is not byte next)
                {
                    return Sentence(at + i, wanted, "nothing for " + _options.Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture) + " s");
                }

                came[i] = next;
            }

            if (!came.AsSpan().SequenceEqual(wanted) && _stamp?.IsSame(wanted, came) != true)
            {
                return Sentence(at, wanted, Convert.ToHexString(came));
            }

            (at, _taken) = (at + length, _taken + length);
        }

        _done += run.Length;
        return null;
    }

    private string Sentence(int at, byte[] wanted, string found) => string.Create(
        CultureInfo.InvariantCulture, $"step {_done + 1}, byte {at + 1} of what the gateway sends: expected {Convert.ToHexString(wanted)}, found {found}");

    private RecordingStep[] Run()
    {
        RecordingStep first = _recording.Steps[_done];
        return [first, .. _recording.Steps.Skip(_done + 1).TakeWhile(step => step.IsFromRegister == first.IsFromRegister && step.OpenedAt is null)];
    }
}
