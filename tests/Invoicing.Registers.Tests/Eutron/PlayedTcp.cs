namespace Invoicing.Registers.Tests.Eutron;

/// <summary>The TCP dialect: its pointer moves when a request names the packet.</summary>
internal sealed class PlayedTcp(PlayedLog log) : PlayedRegister
{
    private const int MaxData = 250;

    private readonly List<byte> _request = [];
    private ushort _number;
    private int _told;
    private bool _isRewound = true;

    internal override void Take(ReadOnlySpan<byte> bytes, List<byte> answer)
    {
        _request.AddRange(bytes);
        while (_request.Count >= 4)
        {
            int named = _request[2] | (_request[3] << 8);
            byte letter = _request[0];
            _request.RemoveRange(0, 4 + _request[1]);
            if (letter == (byte)'D')
            {
                log.Table().ForEach(row => Packet((byte)'D', 2, row, answer));
                Packet((byte)'D', 2, [], answer);
            }
            else if (log.IsBusy)
            {
                Packet((byte)'A', 0, [], answer);
            }
            else
            {
                Tell(named, answer);
            }
        }
    }

    private static void Packet(byte letter, ushort number, byte[] data, List<byte> answer) =>
        answer.AddRange([letter, (byte)data.Length, (byte)number, (byte)(number >> 8), .. data]);

    private void Tell(int named, List<byte> answer)
    {
        if (named == 0xFFFF)
        {
            log.Pointer = 0;
            _isRewound = true;
            _told = 0;
        }
        else if (named == _number)
        {
            log.Pointer += _told;
            _told = 0;
        }

        List<byte> data = [];
        if (_isRewound && log.At(log.Pointer) is not null)
        {
            data.AddRange([20, log.Number, 0]);
        }

        int at = log.Pointer;
        while (log.At(at) is { } record && data.Count + record.Length <= MaxData)
        {
            data.AddRange(record);
            at++;
        }

        _told = at - log.Pointer;
        _isRewound = _told == 0 && _isRewound;
        _number += (ushort)(_told > 0 ? 1 : 0);
        Packet((byte)'F', _number, [.. data], answer);
    }
}
