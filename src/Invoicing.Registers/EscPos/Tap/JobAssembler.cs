using Invoicing.Sales;
using System.Buffers;
using Invoicing.Registers.EscPos.Tokens;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Puts print jobs together out of the pieces of the stream.</summary>
/// <param name="pulseEnds">Whether opening the drawer ends a job.</param>
internal sealed class JobAssembler(bool pulseEnds)
{
    /// <summary>Longest job that is kept, the longest that a book takes. What is longer prints, and is no receipt.</summary>
    internal const int MaxJob = ICaptureBook.MaxLength;

    /// <summary>Most parts of one job that are sent on at once: a till asks for the status a few times per line at most.</summary>
    private const int MostSent = 4096;

    private static readonly (byte Prefix, string Names)[] Styles = [(0x1B, "!aEGM-{trRV3 "), (0x1D, "!BbLWP")];

    private readonly List<(int At, int Length)> _sent = [];
    private readonly List<(int Command, byte[] Bytes)> _style = [];
    private ArrayBufferWriter<byte> _bytes = new();
    private bool _isPageMode;
    private int _lastAt;
    private bool _isIncomplete;

    /// <summary>Whether there is something on paper by now.</summary>
    internal bool HasContent { get; private set; }

    /// <summary>Bytes by now.</summary>
    internal int Length => _bytes.WrittenCount;

    /// <summary>Whether the job outgrew what is kept.</summary>
    internal bool IsTooLong => _bytes.WrittenCount >= MaxJob;

    /// <summary>How the job ended, after <see cref="JobStep.Ended"/>; where its last command begins.</summary>
    private (JobEnd End, int At) Ending { get; set; }

    /// <summary>Notes that bytes of the job were lost on their way here.</summary>
    internal void Miss() => _isIncomplete = true;

    /// <summary>Adds a piece.</summary>
    /// <param name="token">The piece.</param>
    /// <param name="isSent">Whether it was sent on at once.</param>
    internal JobStep Add(EscPosToken token, bool isSent)
    {
        int at = _lastAt = _bytes.WrittenCount;
        Append(token.Bytes, isSent);
        HasContent |= token.IsContent;
        NoteStyle(token);
        bool isPage = IsPageEnd(token);
        (bool isEnd, JobEnd end) = token.IsCut ? (true, JobEnd.Cut) : isPage ? (true, JobEnd.Page) : (token.IsPulse && pulseEnds, JobEnd.Pulse);
        if (!HasContent)
        {
            return isEnd || token.IsPulse ? JobStep.Service : JobStep.Goes;
        }

        // A page is printed by its last command, so what is put in stands behind it.
        Ending = (end, isPage ? _bytes.WrittenCount : at);
        return isEnd ? JobStep.Ended : JobStep.Goes;
    }

    /// <summary>Takes the job out, after it ended.</summary>
    internal CapturedJob TakeEnded() => Take(Ending.End, Math.Min(Ending.At, _bytes.WrittenCount));

    /// <summary>Takes out what is there: nothing more comes.</summary>
    internal CapturedJob TakeRest(JobEnd end) => Take(end, _bytes.WrittenCount);

    /// <summary>Looks at what is there; <see cref="CapturedJob.EndAt"/> is where the last piece begins.</summary>
    internal CapturedJob Peek() => Show(JobEnd.Torn, _lastAt);

    private CapturedJob Take(JobEnd end, int at)
    {
        CapturedJob job = Show(end, at);
        _bytes = new();
        _sent.Clear();
        HasContent = false;
        _isIncomplete = false;
        return job;
    }

    private CapturedJob Show(JobEnd end, int at) => new(_bytes.WrittenMemory, end)
    {
        EndAt = at,
        Sent = [.. _sent],
        Style = _style.SelectMany(command => command.Bytes).ToArray(),
        IsIncomplete = _isIncomplete,
    };

    private void Append(ReadOnlySpan<byte> bytes, bool isSent)
    {
        int count = Math.Min(bytes.Length, MaxJob - _bytes.WrittenCount);
        _isIncomplete |= count < bytes.Length || (isSent && _sent.Count >= MostSent);
        if (isSent && count > 0)
        {
            _sent.Add((_bytes.WrittenCount, count));
        }

        _bytes.Write(bytes[..count]);
    }

    /// <summary>FF and ESC FF print a page in page mode; FF also leaves it, as ESC S does.</summary>
    private bool IsPageEnd(EscPosToken token)
    {
        if (token.Kind == EscPosKind.Esc)
        {
            bool isPrint = token.Name == 0x0C && _isPageMode;
            _isPageMode = token.Name is (byte)'L' || (_isPageMode && token.Name is not ((byte)'S' or (byte)'@'));
            return isPrint;
        }

        bool isPage = token.Kind == EscPosKind.Control && token.Name == 0x0C && _isPageMode;
        _isPageMode &= !isPage;
        return isPage;
    }

    private void NoteStyle(EscPosToken token)
    {
        if (token.Kind is not (EscPosKind.Esc or EscPosKind.Gs))
        {
            return;
        }

        if (token.Kind == EscPosKind.Esc && token.Name == '@')
        {
            _style.Clear();
            return;
        }

        byte prefix = token.Bytes[0];
        char name = (char)token.Name;
        if (Array.Exists(Styles, style => style.Prefix == prefix && style.Names.Contains(name, StringComparison.Ordinal)))
        {
            int command = (prefix << 8) | name;
            _style.RemoveAll(noted => noted.Command == command);
            _style.Add((command, token.Bytes.ToArray()));
        }
    }
}
