using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Invoicing.Registers.Datecs.Isl;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>A scripted register with an electronic journal: link rules, the reading commands, and what goes wrong with them.</summary>
internal sealed class FakeDatecs(IslDialect dialect)
{
    private static readonly Encoding Cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    private readonly List<byte> _heard = [];
    private byte _lastSequence;
    private byte[] _lastReply = [];
    private Queue<string> _lines = new();
    private Queue<string> _rows = new();

    internal List<FakeDocument> Documents { get; } = [];

    internal ConcurrentQueue<int> Commands { get; } = [];

    /// <summary>Data of the requests that were carried out, each behind its command.</summary>
    internal ConcurrentQueue<(int Command, string Data)> Asked { get; } = [];

    internal string Serial { get; set; } = FakeDocument.Serial;

    internal string Memory { get; set; } = "02000001";

    internal bool KnowsNumbers { get; set; } = true;

    internal byte[] Status { get; set; } = FrameWriter.Quiet(dialect);

    internal ulong OpenReceipt { get; set; }

    /// <summary>What to do with the answer to the n-th frame that is understood, from 1.</summary>
    internal Func<int, byte[], IEnumerable<(TimeSpan After, byte[] Bytes)>?> Fault { get; set; } = (_, _) => null;

    /// <summary>Sends back what it hears.</summary>
    internal bool IsEcho { get; set; }

    internal int Frames { get; private set; }

    /// <summary>Commands that were carried out: a repeated SEQ carries out nothing.</summary>
    internal int Executed { get; private set; }

    internal IEnumerable<(TimeSpan After, byte[] Bytes)> Hear(ReadOnlySpan<byte> bytes)
    {
        List<(TimeSpan, byte[])> answers = [];
        if (IsEcho)
        {
            answers.Add((TimeSpan.Zero, bytes.ToArray()));
            return answers;
        }

        foreach (byte b in bytes)
        {
            if (b == 0x01)
            {
                _heard.Clear();
            }

            _heard.Add(b);
            if (b == 0x03 && _heard[0] == 0x01)
            {
                byte[] frame = [.. _heard];
                _heard.Clear();
                answers.AddRange(Answer(frame));
            }
        }

        return answers;
    }

    internal void Restart() => (_lastSequence, _lastReply, _lines, _rows) = (0, [], new(), new());

    private static int Number(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte d in digits)
        {
            number = (number * 16) + (d - 0x30);
        }

        return number;
    }

    private IEnumerable<(TimeSpan After, byte[] Bytes)> Answer(byte[] frame)
    {
        bool isX = dialect == IslDialect.X;
        int digits = isX ? 4 : 1;
        int length = isX ? Number(frame.AsSpan(1, 4)) : frame[1];
        if (length - 0x20 + 6 != frame.Length || Number(frame.AsSpan(frame.Length - 5, 4)) != (frame[1..^5].Sum(b => b) & 0xFFFF))
        {
            return [(TimeSpan.FromMilliseconds(20), [0x16]), (TimeSpan.FromMilliseconds(40), [0x15])];
        }

        byte sequence = frame[1 + digits];
        int command = isX ? Number(frame.AsSpan(6, 4)) : frame[3];
        Frames++;
        Commands.Enqueue(command);
        if (sequence != _lastSequence)
        {
            Executed++;
            string data = Cyrillic.GetString(frame[(2 + (2 * digits))..^6]);
            Asked.Enqueue((command, data));
            byte[] reply = Cyrillic.GetBytes(isX ? X(command, data) : Legacy(command, data));
            (_lastSequence, _lastReply) = (sequence, FrameWriter.Reply(dialect, sequence, command, reply, Status));
        }

        return Fault(Frames, _lastReply) ?? [(TimeSpan.FromMilliseconds(20), _lastReply)];
    }

    private string X(int command, string data)
    {
        string[] fields = data.Split('\t');
        switch (command)
        {
            case 62:
                return "0\t01-07-26 15:00:00\t";
            case 76:
                return $"0\t{(OpenReceipt == 0 ? 0 : 1)}\t{OpenReceipt}\t1\t0.00\t0.00\t";
            case 90:
                return $"0\tDP-25X\t263453\t08-11-22 14:00\t5A7F\t00000000\t{Serial}\t{Memory}\t";
            case 124:
                FakeDocument[] found = [.. Documents.Where(d => fields[0].Length == 0 || d.At >= Clock(fields[0]))];
                return found.Length == 0 ? "-100005\t" : $"0\t{found[0].At:dd-MM-yy HH:mm:ss}\t{found[^1].At:dd-MM-yy HH:mm:ss}\t{found[0].Number}\t{found[^1].Number}\t";
            case 125 when fields[0] is "0" or "9":
                FakeDocument? document = Documents.LastOrDefault(d => d.Number.ToString(CultureInfo.InvariantCulture) == fields[1]);
                if (fields[0] == "9")
                {
                    _rows = new(document?.Rows ?? []);
                    return _rows.Count == 0 ? "-100005\t" : "0\t";
                }

                _lines = new(document?.Lines ?? []);
                return document is null ? "-100005\t" : $"0\t{document.Number}\t{document.Number}\t{document.At:dd-MM-yy HH:mm:ss}\t{document.Type}\t7\t";
            case 125:
                Queue<string> queue = fields[0] == "1" ? _lines : _rows;
                return queue.TryDequeue(out string? line) ? $"0\t{line}\t" : "-100003\t";
            default:
                return "-111016\t";
        }
    }

    private string Legacy(int command, string data)
    {
        switch (command)
        {
            case 62:
                return "01-07-26 15:00:00";
            case 90:
                return $"FP-2000,1.00BG 23NOV18 1000,0000,00000000,{Serial},{Memory}";
            case 113:
                return $"{Documents.LastOrDefault()?.Number ?? 0:D7}";
            case 119 when data.StartsWith('R'):
                string[] parts = data.Split(',');
                FakeDocument[] found = data[1] == '#'
                    ? KnowsNumbers ? [.. Documents.Where(d => d.Number >= ulong.Parse(parts[1], CultureInfo.InvariantCulture) && d.Number <= ulong.Parse(parts[2], CultureInfo.InvariantCulture))] : []
                    : [.. Documents.Where(d => d.At >= DateTime.ParseExact(parts[1], "ddMMyyHHmmss", CultureInfo.InvariantCulture))];
                _lines = new(found.SelectMany((d, i) => (i == 0 ? Array.Empty<string>() : ["*,"]).Concat(d.Lines.Select(l => "P," + l))));
                return _lines.TryDequeue(out string? first) ? first : "F";
            case 119:
                return _lines.TryDequeue(out string? next) ? next : "F";
            default:
                return "F";
        }
    }

    private static DateTime Clock(string text) => DateTime.ParseExact(text, "dd-MM-yy HH:mm:ss", CultureInfo.InvariantCulture);
}
