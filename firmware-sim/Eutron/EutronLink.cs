using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.Eutron;

/// <summary>Sends and takes records on the serial line: 01, acknowledgement, LEN data CHK, acknowledgement (§3.1). Nothing is sent twice.</summary>
internal sealed class EutronLink(RegisterWire wire, ByteSource source)
{
    public const byte Soh = 0x01;
    public const byte Ack = 0x06;
    public const byte Nak = 0x15;

    /// <summary>Three read timeouts of 500 ms for each acknowledgement.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    private static readonly TimeSpan BytePatience = TimeSpan.FromMilliseconds(500);

    private const int MostData = 253;

    /// <summary>LEN, data and CHK: the sum of all is 0 modulo 256.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> data)
    {
        int sum = data.Length;
        foreach (byte part in data)
        {
            sum += part;
        }

        return [(byte)data.Length, .. data, (byte)((256 - (sum & 0xFF)) & 0xFF)];
    }

    /// <summary>Waits for a request and acknowledges its start; the data are taken by <see cref="TakeAsync"/>.</summary>
    public async Task AwaitStartAsync()
    {
        while (await source.ReadAsync(Timeout.InfiniteTimeSpan) != Soh)
        {
            // The receiver ignores everything until 01.
        }
    }

    /// <summary>Takes the data of a request whose start was seen.</summary>
    /// <param name="isKnown">Whether a first byte is a command's letter; a request of another is dropped without an answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The data; null if there are none to act on.</returns>
    public async Task<byte[]?> TakeAsync(Func<byte, bool> isKnown, CancellationToken cancellationToken)
    {
        await wire.SendSignAsync(new[] { Ack }, cancellationToken);
        if (await source.ReadAsync(BytePatience) is not (byte length and > 0 and <= MostData))
        {
            return null;
        }

        byte[] frame = new byte[length + 2];
        frame[0] = length;
        for (int i = 1; i < frame.Length; i++)
        {
            if (await source.ReadAsync(BytePatience) is not byte next)
            {
                return null;
            }

            frame[i] = next;
        }

        if (!isKnown(frame[1]))
        {
            return null;
        }

        bool isGood = frame.AsSpan().SequenceEqual(Framed(frame.AsSpan(1, length)));
        await wire.SendSignAsync(new[] { isGood ? Ack : Nak }, cancellationToken);
        return isGood ? frame[1..^1] : null;
    }

    /// <summary>Refuses a start.</summary>
    public Task RefuseAsync(CancellationToken cancellationToken) => wire.SendSignAsync(new[] { Nak }, cancellationToken);

    /// <summary>Sends one record.</summary>
    /// <returns>Whether the other side acknowledged it.</returns>
    public async Task<bool> SendAsync(byte[] data, CancellationToken cancellationToken)
    {
        await wire.SendSignAsync(new[] { Soh }, cancellationToken);
        if (await source.ReadAsync(Patience) != Ack)
        {
            return false;
        }

        byte[] frame = Framed(data);
        FaultPlan faults = wire.Faults;
        frame = faults.Strikes(Fault.Flip) ? FrameDamage.Flip(frame, 1, frame.Length, faults.Place) : frame;

        // Behind filler and FunN: the digits of the record.
        frame = faults.Strikes(Fault.DoubleFlip) ? FrameDamage.FlipBcdTwice(frame, 3, frame.Length - 1, faults.Place) : frame;
        await wire.SendAsync(frame, cancellationToken);
        bool isTaken = await source.ReadAsync(Patience) == Ack;
        return isTaken && !faults.Strikes(Fault.LostAck);
    }
}
