using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Replay.Tlk;

/// <summary>Reads one connection of a recording: cuts what the register sent behind each frame, and notes what the gateway had answered by then.</summary>
/// <remarks>
/// The frames of a record go out as one. Replies to the gateway's requests are kept aside: they are given when they are asked for. Only
/// answers to what the connection has whole are waited for; a line that was cut may have others, of the connection before.
/// </remarks>
internal sealed partial class TlkConnectionReader
{
    private readonly FrameReader _register = new(new DropCounters(), fromGateway: false) { MaxBody = Limits.MostMaxBody };
    private readonly FrameReader _gateway = new(new DropCounters()) { MaxBody = Limits.MostMaxBody };
    private readonly List<byte> _piece = [];
    private readonly List<(TlkCue.Said Cue, RecordedPart Part)> _fragments = [];
    private readonly List<TlkCue> _cues = [];
    private readonly List<(TlkCue.Hello Cue, byte[] Payload)> _hellos = [];
    private readonly Dictionary<TlkSubject, List<TlkAnswer>> _answers = [];
    private readonly Dictionary<FrameType, List<Frame>> _replies = [];
    private readonly HashSet<TlkSubject> _whole = [];
    private readonly HashSet<NakReason> _refusals;
    private readonly HashSet<(byte Reason, byte About)> _errors;
    private RecordingStep _step;
    private int _number;
    private bool _hasRun;
    private bool _hasSession;
    private int _largestBody;

    /// <summary>Begins a connection.</summary>
    /// <param name="isFirst">Whether the recording may have begun in the middle of it: then its first run may be a frame without the 00 in front.</param>
    /// <param name="refusals">Takes the reasons of NAKs.</param>
    /// <param name="errors">Takes the gateway's ERRORs.</param>
    public TlkConnectionReader(bool isFirst, HashSet<NakReason> refusals, HashSet<(byte Reason, byte About)> errors)
    {
        (_refusals, _errors, _step) = (refusals, errors, new(0, IsFromRegister: true, []));
        if (isFirst)
        {
            ReadOnlySpan<byte> start = [0];
            _register.TryRead(ref start, out _);
        }
    }

    /// <summary>Takes the next step.</summary>
    /// <exception cref="IOException">It is sealed.</exception>
    public void Take(RecordingStep step, int number)
    {
        (_step, _number) = (step, number);
        if (!step.IsFromRegister)
        {
            ReadOnlySpan<byte> rest = step.Bytes;
            while (_gateway.TryRead(ref rest, out Frame frame))
            {
                Answered(frame);
            }

            return;
        }

        foreach (byte b in step.Bytes)
        {
            _piece.Add(b);
            _hasRun |= b != 0;
            if (b == 0 && _hasRun)
            {
                EndPiece();
            }
        }
    }

    /// <summary>Ends the connection; half a frame that stands there is said, too.</summary>
    public TlkConnection End(long? lingers)
    {
        GiveFragments();
        if (_piece.Count > 0)
        {
            _cues.Add(new TlkCue.Said(_number, _step.Milliseconds, [.. _piece]));
        }

        return new(_number, lingers, _largestBody, _cues, _answers, _replies);
    }

    /// <summary>A run between two 00 is whole, and may be a frame.</summary>
    private void EndPiece()
    {
        TlkCue.Said cue = new(_number, _step.Milliseconds, [.. _piece]);
        ReadOnlySpan<byte> piece = cue.Wire;
        _piece.Clear();
        _hasRun = false;
        if (!_register.TryRead(ref piece, out Frame frame))
        {
            Say(cue);
            return;
        }

        RefuseSealed(frame);
        _largestBody = Math.Max(_largestBody, frame.Payload.Length + Frame.Overhead);
        if (frame.Type == FrameType.Rec && RecordedPart.Read(frame) is { } part)
        {
            SayPart(cue, part);
        }
        else if (frame.Type == FrameType.Hello)
        {
            SayHello(cue, frame);
        }
        else if (frame.Type is FrameType.Pong or FrameType.Have)
        {
            // Made anew of what is asked.
        }
        else if (RequestOf(frame) is FrameType request)
        {
            if (!_replies.TryGetValue(request, out List<Frame>? replies))
            {
                _replies[request] = replies = [];
            }

            replies.Add(frame);
        }
        else
        {
            Say(cue);
        }
    }

    /// <summary>The type of request that a frame replies to; null if it is no reply.</summary>
    private static FrameType? RequestOf(Frame frame) => frame.Type switch
    {
        FrameType.Leased => FrameType.Lease,
        FrameType.Timed => FrameType.Time,
        FrameType.Status when frame.Txn != 0 => FrameType.Ask,
        FrameType.Error when frame.Txn != 0 => RefusedBy(frame),
        _ => null,
    };

    private static FrameType? RefusedBy(Frame error)
    {
        try
        {
            var about = (FrameType)new TlvReader(error.Payload, [Tag.Reason, Tag.About, Tag.Text, Tag.Seq]).U8(Tag.About);
            return about is FrameType.Get or FrameType.Lease or FrameType.Time or FrameType.Ask ? about : null;
        }
        catch (MalformedException)
        {
            return null;
        }
    }

    private void Say(TlkCue.Said cue)
    {
        GiveFragments();
        _cues.Add(cue);
    }

    private void SayHello(TlkCue.Said cue, Frame frame)
    {
        (TlkCue.Hello Cue, byte[] Payload) same = _hellos.Find(hello => hello.Cue.Txn == frame.Txn && hello.Payload.AsSpan().SequenceEqual(frame.Payload));
        TlkCue.Hello hello = new(cue.Step, cue.Milliseconds, cue.Wire, same.Cue?.Number ?? _hellos.Count + 1, frame.Txn, RecordedHello.Read(frame.Payload));
        if (same.Cue is null)
        {
            _hellos.Add((hello, frame.Payload));
            _hasSession = false;
        }

        Say(hello);
    }

    private void SayPart(TlkCue.Said cue, RecordedPart part)
    {
        if (part.Fragment != _fragments.Count || _fragments is [var (_, first), ..] && (first.Epoch, first.Seq) != (part.Epoch, part.Seq))
        {
            GiveFragments();
        }

        if (part.Fragment != _fragments.Count)
        {
            Say(cue);
            return;
        }

        _fragments.Add((cue, part));
        if (part.HasMore)
        {
            return;
        }

        byte[] record = [.. _fragments.SelectMany(fragment => fragment.Part.Bytes)];
        if (_fragments.Count > 1 && _fragments[0].Part.RecordLength != record.Length)
        {
            GiveFragments();
            return;
        }

        byte[] wire = [.. _fragments.SelectMany(fragment => fragment.Cue.Wire)];
        _fragments.Clear();
        RecordedRecord content = new(part.Epoch, part.Seq, record, part.Recovered);
        _whole.Add(content.Subject);
        _cues.Add(new TlkCue.Record(cue.Step, cue.Milliseconds, wire, content));
    }

    /// <summary>Fragments that no record came of are said as they are.</summary>
    private void GiveFragments()
    {
        _cues.AddRange(_fragments.Select(fragment => fragment.Cue));
        _fragments.Clear();
    }

    private void RefuseSealed(Frame frame)
    {
        if (frame.Flags.HasFlag(FrameFlags.Sealed))
        {
            throw new IOException(
                $"step {_number}: expected a line that is not sealed, found a sealed {frame.Type.ToString().ToUpperInvariant()}: its seal holds for one session and is made with the pairing key, so it cannot be played");
        }
    }
}
