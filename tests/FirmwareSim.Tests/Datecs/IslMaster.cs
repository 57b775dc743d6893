using FirmwareSim.Datecs;
using FirmwareSim.Tests.Tills;

namespace FirmwareSim.Tests.Datecs;

/// <summary>A host of the ISL family: asks, repeats the same SEQ after 500 ms or a NAK, and takes only a whole reply to what it asked.</summary>
internal sealed class IslMaster(TillBench bench, IslDialect dialect)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private readonly List<byte> _bytes = [];
    private readonly byte[] _buffer = new byte[512];
    private Stream? _line;
    private Task<int>? _pending;
    private byte _sequence = 0x20;

    /// <summary>Requests that were sent again.</summary>
    public int Repeated { get; private set; }

    public int Echoes { get; private set; }

    public int LateReplies { get; private set; }

    public async Task<string> AskAsync(int command, string data)
    {
        _sequence = _sequence >= 0x7F ? (byte)0x20 : (byte)(_sequence + 1);
        byte[] request = IslFrames.Request(dialect, _sequence, command, DatecsText.Cyrillic.GetBytes(data));
        for (int tries = 0; tries < 1000; tries++)
        {
            if (bench.Running is { IsFaulted: true })
            {
                await bench.Running;
            }

            Repeated += tries > 0 ? 1 : 0;
            try
            {
                _line ??= bench.Line.Plug();
                await _line.WriteAsync(request, TestContext.Current.CancellationToken);
                if (await HearAsync(command) is byte[] reply)
                {
                    return DatecsText.Cyrillic.GetString(reply);
                }
            }
            catch (IOException)
            {
                _line?.Dispose();
                (_line, _pending) = (null, null);
                _bytes.Clear();
            }
        }

        throw new TimeoutException($"no reply to command {command}");
    }

    private async Task<byte[]?> HearAsync(int command)
    {
        while (true)
        {
            (byte[]? data, bool isOver) = Take(command);
            if (isOver)
            {
                return data;
            }

            _pending ??= _line!.ReadAsync(_buffer, TestContext.Current.CancellationToken).AsTask();
            try
            {
                int read = await _pending.WaitAsync(Patience, bench.Time, TestContext.Current.CancellationToken);
                _pending = null;
                if (read == 0)
                {
                    throw new IOException("gone");
                }

                _bytes.AddRange(_buffer.AsSpan(0, read));
            }
            catch (TimeoutException)
            {
                _bytes.Clear();
                return null;
            }
        }
    }

    /// <summary>Takes what is there: a reply, a NAK, or nothing yet.</summary>
    private (byte[]? Data, bool IsOver) Take(int command)
    {
        while (_bytes.Count > 0)
        {
            if (_bytes[0] != IslFrames.Start)
            {
                byte sign = _bytes[0];
                _bytes.RemoveAt(0);
                if (sign == IslFrames.Nak)
                {
                    return (null, true);
                }

                continue;
            }

            int end = _bytes.IndexOf(IslFrames.End);
            if (end < 0)
            {
                return (null, false);
            }

            byte[] frame = [.. _bytes.Take(end + 1)];
            _bytes.RemoveRange(0, end + 1);
            if (Open(frame, command) is byte[] data)
            {
                return (data, true);
            }
        }

        return (null, false);
    }

    private byte[]? Open(byte[] frame, int command)
    {
        int header = dialect == IslDialect.X ? 5 : 2;
        int status = dialect == IslDialect.X ? 8 : 6;
        byte[] body = frame[1..^5];
        if (!IslFrames.Check(body).SequenceEqual(frame.AsSpan(frame.Length - 5, 4).ToArray()) || body[^1] != IslFrames.EndOfBody)
        {
            return null;
        }

        if (body.Length < status + 2 || body[^(status + 2)] != IslFrames.Separator)
        {
            Echoes++;
            return null;
        }

        int commandLength = dialect == IslDialect.X ? 4 : 1;
        int? answered = dialect == IslDialect.X ? IslFrames.Nibbles(frame.AsSpan(header + 1, 4)) : frame[header + 1];
        if (frame[header] != _sequence || answered != command)
        {
            LateReplies++;
            return null;
        }

        return IslFrames.Unescaped(body.AsSpan(header + commandLength, body.Length - header - commandLength - status - 2));
    }
}
