using System.Globalization;
using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.Replay;

/// <summary>Plays a recording as the register, and compares what the gateway sends with what was recorded. Ends at the first difference.</summary>
internal sealed class RecordingPlayer
{
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
        _stamp = (options.IsLenient, ProtocolNames.Find(recording.Protocol)) switch
        {
            (false, _) => null,
            (true, Protocol.DatecsX) => new SequenceStamp(IslDialect.X),
            (true, Protocol.DatecsIsl) => new SequenceStamp(IslDialect.Legacy),
            _ => throw new IOException($"--lenient: expected a recording of datecs-x or datecs-isl, found {recording.Protocol}; play it without"),
        };
    }

    /// <summary>Plays it over one connection.</summary>
    public async Task<ReplayResult> PlayAsync(Stream line, TimeProvider time, CancellationToken cancellationToken)
    {
        RegisterWire wire = new(line, FaultPlan.None(Protocol.None), time);
        await using ByteSource source = new(wire, cancellationToken);
        string? difference = null;
        long last = _recording.Steps.Count > 0 ? _recording.Steps[0].Milliseconds : 0;
        while (difference is null && _done < _recording.Steps.Count)
        {
            RecordingStep step = _recording.Steps[_done];
            try
            {
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

        return new ReplayResult(_recording.Steps.Count, _done, _sent, _taken, difference);
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
        bool isFromRegister = _recording.Steps[_done].IsFromRegister;
        return [.. _recording.Steps.Skip(_done).TakeWhile(step => step.IsFromRegister == isFromRegister)];
    }
}
