namespace Invoicing.Registers.Tests.Eutron;

/// <summary>The serial dialect. It never sends a frame twice: what is not accepted ends the dump.</summary>
internal sealed class PlayedSerial(PlayedLog log) : PlayedRegister
{
    private static readonly byte[] EndRecord = [0, 0];

    private readonly Queue<byte[]> _table = new();
    private readonly List<byte> _command = [];
    private State _state = State.Idle;
    private byte[] _sending = [];
    private bool _isLog;
    private bool _isFirst;

    private enum State
    {
        Idle,
        Command,
        Offered,
        Sent,
    }

    /// <summary>Whether the n-th acceptance of a record of the log, from 0, is lost on the way.</summary>
    internal Func<int, bool> LosesAck { get; init; } = static _ => false;

    /// <summary>What the line makes of the n-th frame.</summary>
    internal Func<int, byte[], byte[]> Damages { get; init; } = static (_, frame) => frame;

    internal int Acks { get; private set; }

    internal int Frames { get; private set; }

    internal override void Take(ReadOnlySpan<byte> bytes, List<byte> answer)
    {
        foreach (byte next in bytes)
        {
            Take(next, answer);
        }
    }

    private void Take(byte next, List<byte> answer)
    {
        switch (_state)
        {
            case State.Command:
                _command.Add(next);
                if (_command.Count == _command[0] + 2)
                {
                    bool isWhole = _command.Sum(part => part) % 256 == 0;
                    _state = State.Idle;
                    answer.Add((byte)(isWhole ? 0x06 : 0x15));
                    if (isWhole)
                    {
                        Obey(answer);
                    }
                }

                break;
            case State.Offered when next == 0x06:
                byte[] frame = [(byte)_sending.Length, .. _sending, 0];
                frame[^1] = unchecked((byte)-frame.Sum(part => part));
                answer.AddRange(Damages(Frames++, frame));
                _state = State.Sent;
                break;
            case State.Sent when next == 0x06:
                Accepted(answer);
                break;
            case State.Sent when next == 0x15:
                _state = State.Idle;
                break;
            default:
                if (next == 0x01)
                {
                    _command.Clear();
                    _state = State.Command;
                    answer.Add(0x06);
                }

                break;
        }
    }

    private void Obey(List<byte> answer)
    {
        int type = _command[2] | (_command[3] << 8);
        if (_command[1] == (byte)'F')
        {
            log.Pointer = type == 0xFFFF ? 0 : log.Pointer;
            log.Look();
            _isLog = true;
            _isFirst = log.Pointer < log.Count;
            Offer(_isFirst ? [0, 20, log.Number, 0] : EndRecord, answer);
        }
        else if (_command[1] == (byte)'D' && log.TellsTables)
        {
            _isLog = false;
            _table.Clear();
            (_command[0] > 3 ? log.Table(type, _command[4] | (_command[5] << 8)) : log.WholeTable()).ForEach(_table.Enqueue);
            Offer(_table.TryDequeue(out byte[]? row) ? row : EndRecord, answer);
        }
    }

    private void Accepted(List<byte> answer)
    {
        _state = State.Idle;
        if (_sending.Length == 2)
        {
            return; // the end
        }

        if (!_isLog)
        {
            Offer(_table.TryDequeue(out byte[]? row) ? row : EndRecord, answer);
            return;
        }

        if (!_isFirst)
        {
            if (LosesAck(Acks++))
            {
                return; // put back, and the dump stops
            }

            log.Pointer++;
        }

        _isFirst = false;
        Offer(log.At(log.Pointer) is { } record ? [0, .. record] : EndRecord, answer);
    }

    private void Offer(byte[] record, List<byte> answer)
    {
        _sending = record;
        _state = State.Offered;
        answer.Add(0x01);
    }
}
