namespace Invoicing.Registers.Tests.Eutron;

/// <summary>The TCP dialect: its pointer moves when a request names the packet. Packets without records may have numbers of their own.</summary>
internal sealed class PlayedTcp(PlayedLog log, bool numbersEmpty = false) : PlayedRegister
{
    private const int MaxData = 250;

    private readonly List<byte> _request = [];
    private Queue<byte[]> _rows = new();
    private byte[] _last = [];
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
            if (_request.Count < 4 + _request[1])
            {
                break;
            }

            byte[] data = [.. _request.Skip(4).Take(_request[1])];
            _request.RemoveRange(0, 4 + data.Length);
            if (letter == (byte)'D')
            {
                Table(named, data, answer);
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

    private void Packet(byte letter, ushort number, byte[] data, List<byte> answer)
    {
        _last = [letter, (byte)data.Length, (byte)number, (byte)(number >> 8), .. data];
        answer.AddRange(_last);
    }

    /// <summary>Whole rows, without filler, numbered with the log's packets; an empty packet ends them.</summary>
    private void Table(int named, byte[] which, List<byte> answer)
    {
        Assert.Equal(4, which.Length); // first and last row
        if (named == 0xFFFF)
        {
            _rows = new(log.Table(which[0] | (which[1] << 8), which[2] | (which[3] << 8)).Select(row => row[^67..]));
        }

        _told = 0;
        byte[] rows = [.. Enumerable.Range(0, Math.Min(3, _rows.Count)).SelectMany(_ => _rows.Dequeue())];
        Packet((byte)'D', ++_number, rows, answer);
    }

    private void Tell(int named, List<byte> answer)
    {
        if (numbersEmpty && named != 0xFFFF && named != _number && _last.Length > 0)
        {
            answer.AddRange(_last); // an older number: the same packet again
            return;
        }

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

        log.Look();
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
        _number += (ushort)(_told > 0 || numbersEmpty ? 1 : 0);
        Packet((byte)'F', _number, [.. data], answer);
    }
}
