using System.Buffers.Binary;
using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.Eutron;

/// <summary>An ER-2xx of the TCP build, port 7000: packets of <c>cmd size sequence(LE16) data</c> (§3.1).</summary>
/// <remarks>
/// A request names the reply that is safely stored; only then does the read pointer move. An older number gets the same reply again. While a
/// sale is open the register refuses with 'A'.
/// </remarks>
internal sealed class EutronTcpFront(EutronMemory memory) : IRegisterFront
{
    private const ushort Rewind = 0xFFFF;
    private const int MostData = 250;
    private const int Header = 4;
    private const int RefusalsInStorm = 10;
    private static readonly TimeSpan BytePatience = TimeSpan.FromSeconds(2);

    private byte[] _reply = [];
    private ushort _sequence;
    private long _underWay;
    private int _refusals;
    private Queue<byte[]>? _rows;
    private bool _hasHead;

    public int Together => 1;

    public bool HasGivenAll => memory.HasGivenAll;

    public async Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        Forget();
        await using ByteSource source = new(wire, cancellationToken);
        byte[] header = new byte[Header];
        while (await FillAsync(source, header, Timeout.InfiniteTimeSpan))
        {
            byte[] data = new byte[header[1]];
            if (!await FillAsync(source, data, BytePatience))
            {
                continue;
            }

            byte[] reply = Answer(wire.Faults, header[0], BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2)), data);
            if (!wire.Faults.Strikes(Fault.LostReply))
            {
                await wire.SendAsync(reply, cancellationToken);
            }
        }
    }

    public void Began(RungReceipt receipt) => memory.Began(receipt);

    public void Closed(RungReceipt receipt) => memory.Closed(receipt);

    public void Restart() => Forget();

    private static async Task<bool> FillAsync(ByteSource source, byte[] into, TimeSpan patience)
    {
        for (int i = 0; i < into.Length; i++)
        {
            if (await source.ReadAsync(i == 0 ? patience : BytePatience) is not byte next)
            {
                return false;
            }

            into[i] = next;
        }

        return true;
    }

    private static byte[] Packet(char letter, ushort sequence, ReadOnlySpan<byte> data)
    {
        byte[] packet = [(byte)letter, (byte)data.Length, 0, 0, .. data];
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(2), sequence);
        return packet;
    }

    private void Forget()
    {
        (_reply, _sequence, _underWay, _rows, _hasHead) = ([], 0, 0, null, false);
    }

    private byte[] Answer(FaultPlan faults, byte letter, ushort sequence, byte[] data)
    {
        _refusals = faults.Strikes(Fault.WaitStorm) ? RefusalsInStorm : _refusals;
        if (_refusals > 0 || memory.Till.Open is not null || letter is not ((byte)'F' or (byte)'D'))
        {
            _refusals = Math.Max(0, _refusals - 1);
            return Packet('A', 0, []);
        }

        if (sequence != Rewind && sequence != _sequence && _reply.Length > 0)
        {
            return _reply;
        }

        // The reply of this number is safe, unless its acknowledgement is lost: then it comes again.
        if (sequence == _sequence && sequence != 0 && faults.Strikes(Fault.LostAck))
        {
            return _reply;
        }

        return letter == (byte)'F' ? NextLog(sequence) : NextRows(sequence, data);
    }

    private byte[] NextLog(ushort sequence)
    {
        if (sequence == Rewind)
        {
            memory.Log.Rewind();
            _hasHead = false;
        }
        else
        {
            memory.Log.AdvanceTo(_underWay);
        }

        byte[] head = _hasHead || memory.Log.Peek() is null ? [] : memory.Head();
        (byte[] bytes, long next) = memory.Log.PeekMany(MostData - head.Length);
        (_underWay, _hasHead, _rows) = (next, _hasHead || head.Length > 0, null);
        return Next('F', [.. head, .. bytes]);
    }

    private byte[] NextRows(ushort sequence, byte[] data)
    {
        _underWay = 0;
        if (_rows is null || sequence == Rewind)
        {
            _rows = new Queue<byte[]>(PluRecords.Asked(memory.Rows, data).Select(asked => PluRecords.Of(asked.Row)));
        }

        List<byte> packed = [];
        while (packed.Count + PluRecords.Length <= MostData && _rows.TryDequeue(out byte[]? row))
        {
            packed.AddRange(row);
        }

        if (packed.Count == 0)
        {
            _rows = null;
        }

        return Next('D', [.. packed]);
    }

    private byte[] Next(char letter, byte[] data)
    {
        _sequence = _sequence >= Rewind - 1 ? (ushort)1 : (ushort)(_sequence + 1);
        return _reply = Packet(letter, _sequence, data);
    }
}
