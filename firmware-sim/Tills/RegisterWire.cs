using FirmwareSim.Failures;

namespace FirmwareSim.Tills;

/// <summary>One connection as a register uses it: where the faults of the line itself strike. One task writes, one reads.</summary>
internal sealed class RegisterWire(Stream stream, FaultPlan faults, TimeProvider time)
{
    /// <summary>How long a half-open line is silent: longer than six tries of 500 ms, so that every driver has given up.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private const int MostInPiece = 7;

    private static readonly Fault[] Breaking = [Fault.Unplug, Fault.Reboot, Fault.HalfOpen];

    public TimeProvider Time => time;

    public FaultPlan Faults => faults;

    /// <summary>Reads what is there; 0 if the other side is gone.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

    /// <summary>Sends single bytes that no fault of frames touches: NAK, SYN, ACK.</summary>
    public async Task SendSignAsync(ReadOnlyMemory<byte> signs, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(signs, cancellationToken);
        faults.Sent(signs.Length);
    }

    /// <summary>Sends a frame: whole, in pieces, or half of it if the line breaks.</summary>
    /// <exception cref="LineBrokenException">A fault has broken the line.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        foreach (Fault fault in Breaking)
        {
            if (faults.Strikes(fault))
            {
                await SendSignAsync(frame[..(frame.Length / 2)], cancellationToken);
                throw new LineBrokenException(fault);
            }
        }

        if (!faults.Strikes(Fault.Split))
        {
            await SendSignAsync(frame, cancellationToken);
            return;
        }

        for (int at = 0; at < frame.Length;)
        {
            int piece = Math.Min(frame.Length - at, faults.Place.Between(1, MostInPiece));
            await SendSignAsync(frame.Slice(at, piece), cancellationToken);
            at += piece;
        }
    }
}
