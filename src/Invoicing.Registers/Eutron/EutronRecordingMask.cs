using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Eutron;

/// <summary>Masks customers' cards and messages in recordings of Eutron registers; frames keep their lengths and get new checks.</summary>
/// <remarks>
/// The log's other records are numbers and amounts, and the table of articles names goods: they pass. So does every byte at the moment at which it
/// ran, unless it belongs to a record that is masked: question and answer stay in their order, which is what a recording is played back by.
/// </remarks>
internal sealed class EutronRecordingMask : RecordingMask
{
    private readonly bool _isTcp;
    private readonly List<byte> _held = new(EutronFrame.MaxData + 2);
    private int _frame = Outside; // bytes of the frame or packet so far
    private int _length;

    /// <summary>Between frames.</summary>
    private const int Outside = -1;

    /// <summary>Makes a mask.</summary>
    /// <param name="key">See <see cref="RecordingMask"/>.</param>
    /// <param name="isTcp">Whether the line carries packets of the TCP dialect.</param>
    public EutronRecordingMask(ReadOnlyMemory<byte> key, bool isTcp)
        : base(key) => _isTcp = isTcp;

    /// <inheritdoc/>
    public override string Name => "eutron";

    /// <inheritdoc/>
    public override byte[] Take(ReadOnlySpan<byte> bytes)
    {
        List<byte> output = new(bytes.Length + _held.Count);
        foreach (byte next in bytes)
        {
            if (_isTcp)
            {
                TakeOfPacket(output, next);
            }
            else
            {
                TakeOfFrame(output, next);
            }
        }

        return [.. output];
    }

    /// <inheritdoc/>
    public override byte[] Finish()
    {
        // Half of a record that would be masked: its text is replaced, and no check is owed.
        byte[] rest = [.. _held];
        Replace(rest);
        _held.Clear();
        _frame = Outside;
        return rest;
    }

    private static bool IsPrivate(byte funN, int length) =>
        (FlowType)(funN & 0x1F) is FlowType.Message or FlowType.InsertCard or FlowType.RefreshCard && FlowRecord.LengthOf([funN]) == length;

    /// <summary>A frame: 01, then LEN, a filler byte, the record, CHK.</summary>
    private void TakeOfFrame(List<byte> output, byte next)
    {
        if (_frame == Outside)
        {
            output.Add(next);
            _frame = next == EutronFrame.Start ? 0 : Outside;
            return;
        }

        if (_frame == 0)
        {
            output.Add(next);
            (_frame, _length) = next is 0 or > EutronFrame.MaxData ? (Outside, 0) : (1, next);
            return;
        }

        _frame++;
        if (_held.Count == 0 && !(_frame == 3 && IsPrivate(next, _length - 1)))
        {
            output.Add(next);
        }
        else
        {
            _held.Add(next);
        }

        if (_frame == _length + 2)
        {
            GiveRecord(output, next);
            _frame = Outside;
        }
    }

    /// <summary>The end of a frame: what was held of it is masked, and the check made good by as much as the sum has changed.</summary>
    private void GiveRecord(List<byte> output, byte check)
    {
        if (_held.Count == 0)
        {
            return;
        }

        byte[] record = [.. _held[..^1]];
        byte before = EutronFrame.Check(record);
        Replace(record.AsSpan(1));
        output.AddRange(record);
        output.Add(unchecked((byte)(check + EutronFrame.Check(record) - before)));
        _held.Clear();
    }

    /// <summary>A packet: letter, size, number, records. Held whole: nothing is said between its parts.</summary>
    private void TakeOfPacket(List<byte> output, byte next)
    {
        _held.Add(next);
        if (_held.Count < TcpPacket.HeaderLength || _held.Count < TcpPacket.HeaderLength + _held[1])
        {
            return;
        }

        byte[] packet = [.. _held];
        for (Memory<byte> rest = packet.AsMemory(TcpPacket.HeaderLength); packet[0] == (byte)'F' && !rest.IsEmpty;)
        {
            int length = FlowRecord.LengthOf(rest.Span);
            if (length == 0 || length > rest.Length)
            {
                break;
            }

            if (IsPrivate(rest.Span[0], length))
            {
                Replace(rest.Span[1..length]);
            }

            rest = rest[length..];
        }

        output.AddRange(packet);
        _held.Clear();
    }
}
