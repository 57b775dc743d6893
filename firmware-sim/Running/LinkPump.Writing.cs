using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Session;

namespace FirmwareSim.Running;

// What goes out: frames of what the session wants sent, as the cable leaves them.
internal sealed partial class LinkPump
{
    private async Task WriteOutAsync(Stream connection, CancellationToken cancellationToken)
    {
        while (_outbox.Take(_state) is { } leaving)
        {
            await WriteAsync(connection, Wires(leaving), cancellationToken);
            Left(leaving);
        }
    }

    private static async Task WriteAsync(Stream connection, List<byte[]> wires, CancellationToken cancellationToken)
    {
        foreach (byte[] wire in wires)
        {
            await connection.WriteAsync(wire, cancellationToken);
        }
    }

    /// <summary>What goes out for this effect, damaged as the cable would.</summary>
    private List<byte[]> Wires(SessionEffect leaving)
    {
        IEnumerable<byte[]> frames = leaving switch
        {
            SessionEffect.Send send => [send.Wire],
            SessionEffect.SendRecord record =>
                RecordFrames.Of(journal.Epoch, record.Seq, journal.ReadRecord(record.Seq), record.Recovered, record.MaxBody, record.SealKey),
            _ => throw new InvalidOperationException($"{leaving.GetType().Name} is not for the wire"),
        };
        List<byte[]> wires = [];
        foreach (byte[] frame in frames)
        {
            wires.Add(_cable.OnTheWay(frame));
            if (_cable.Doubles())
            {
                wires.Add(frame);
            }
        }

        return wires;
    }

    /// <summary>Its last byte was handed to the line.</summary>
    private void Left(SessionEffect leaving)
    {
        if (leaving is SessionEffect.SendRecord record)
        {
            Step(new SessionInput.RecordHanded(record.Seq));
        }
        else if (leaving is SessionEffect.Send { Type: FrameType.Hello })
        {
            Step(new SessionInput.HelloHanded());
        }
    }
}
