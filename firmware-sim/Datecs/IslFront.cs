using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>The line side of a Datecs register that is asked: frames, busy signs, and the reply that is repeated for the same SEQ (§1.1).</summary>
internal sealed class IslFront(IDatecsCommands commands, TimeSpan answerTime) : IRegisterFront
{
    /// <summary>A busy sign every 60 ms until the reply is ready.</summary>
    public static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(60);

    /// <summary>Half a frame older than this is forgotten: less than the 500 ms after which a host repeats it.</summary>
    private static readonly TimeSpan FramePatience = TimeSpan.FromMilliseconds(300);

    private const int SignsInStorm = 10;
    private const int NaksInRow = 3;

    private readonly IslRequestReader _reader = new(commands.Dialect);
    private byte? _lastSequence;
    private byte[] _lastReply = [];
    private byte[]? _late;
    private int _naks;

    public int Together => 1;

    public bool HasGivenAll => commands.HasGivenAll;

    public async Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[512];
        _reader.Reset();
        long heard = wire.Time.GetTimestamp();
        while (await wire.ReadAsync(buffer, cancellationToken) is int read and > 0)
        {
            if (wire.Time.GetElapsedTime(heard) > FramePatience)
            {
                _reader.Reset();
            }

            heard = wire.Time.GetTimestamp();
            foreach (IslRequest request in _reader.Push(buffer.AsSpan(0, read)))
            {
                await TakeAsync(wire, request, cancellationToken);
            }
        }
    }

    public void Began(RungReceipt receipt)
    {
        // A register of this family never speaks first.
    }

    public void Closed(RungReceipt receipt)
    {
        // A register of this family never speaks first.
    }

    public void Restart()
    {
        (_lastSequence, _late, _naks) = (null, null, 0);
        commands.Restart();
    }

    private async Task TakeAsync(RegisterWire wire, IslRequest request, CancellationToken cancellationToken)
    {
        if (!request.IsGood)
        {
            // An X register answers a legacy frame by busy, then NAK (seen on real ones, §1.6).
            byte[] signs = commands.Dialect == IslDialect.X ? [IslFrames.Syn, IslFrames.Nak] : [IslFrames.Nak];
            await wire.SendSignAsync(signs, cancellationToken);
            return;
        }

        _naks = _naks == 0 && wire.Faults.Strikes(Fault.Nak) ? NaksInRow : _naks;
        if (_naks > 0)
        {
            _naks--;
            await wire.SendSignAsync(new[] { IslFrames.Nak }, cancellationToken);
            return;
        }

        if (wire.Faults.Strikes(Fault.Echo))
        {
            await wire.SendSignAsync(request.Raw, cancellationToken);
            return;
        }

        byte[] reply = Reply(request);
        await BeBusyAsync(wire, cancellationToken);
        await HandAsync(wire, reply, cancellationToken);
    }

    /// <summary>The reply; the same SEQ as before means no operation and the same reply again.</summary>
    private byte[] Reply(IslRequest request)
    {
        if (_lastSequence != request.Sequence)
        {
            string answer = commands.Answer(request.Command, DatecsText.Cyrillic.GetString(request.Data));
            _lastReply = IslFrames.Reply(commands.Dialect, request.Sequence, request.Command, DatecsText.Cyrillic.GetBytes(answer), commands.Status());
            _lastSequence = request.Sequence;
        }

        return _lastReply;
    }

    private async Task BeBusyAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        int signs = (int)(answerTime / BusyPause) + (wire.Faults.Strikes(Fault.WaitStorm) ? SignsInStorm : 0);
        for (int i = 0; i < signs; i++)
        {
            await wire.SendSignAsync(new[] { IslFrames.Syn }, cancellationToken);
            await Task.Delay(BusyPause, wire.Time, cancellationToken);
        }
    }

    private async Task HandAsync(RegisterWire wire, byte[] reply, CancellationToken cancellationToken)
    {
        if (_late is byte[] late)
        {
            _late = null;
            await wire.SendAsync(late, cancellationToken);
        }

        if (wire.Faults.Strikes(Fault.LateReply))
        {
            _late = reply;
        }

        if (!wire.Faults.Strikes(Fault.LostReply))
        {
            await wire.SendAsync(Damaged(wire.Faults, reply), cancellationToken);
        }
    }

    private byte[] Damaged(FaultPlan faults, byte[] reply)
    {
        // LEN stays right: behind it, and before the check.
        int from = commands.Dialect == IslDialect.X ? 5 : 2;
        int to = reply.Length - 5;
        byte[] frame = faults.Strikes(Fault.Flip) ? FrameDamage.Flip(reply, from, to, faults.Place) : reply;
        int separator = Array.IndexOf(frame, IslFrames.Separator, from);
        int data = from + (commands.Dialect == IslDialect.X ? 5 : 2);
        return faults.Strikes(Fault.DoubleFlip) ? FrameDamage.FlipDigitsTwice(frame, data, Math.Max(data, separator), faults.Place) : frame;
    }
}
