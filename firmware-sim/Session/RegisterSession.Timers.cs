using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Session;

// What happens because time passed: TLK/1 §3 (repetition), §6 and §10.
internal sealed partial class RegisterSession
{
    /// <summary>When <see cref="SessionInput.Wake"/> is needed next if nothing else happens; null: never.</summary>
    public static long? NextDue(SessionState state)
    {
        long? due = Earlier(state.HelloAt, state.Greeting?.Due);
        if (state.InSession || (state.Phase == Phase.Stopped && state.HasSession && state.Pings < Timing.Pings))
        {
            due = Earlier(due, SilenceDue(state));
        }

        return state.InSession ? Earlier(due, state.PauseUntil ?? ResendDue(state)) : due;
    }

    private static long? Earlier(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static long SilenceDue(SessionState state) => state.HeardAt + (Timing.Idle * (state.Pings + 1));

    /// <summary>The timer of the oldest record under way, from when it was handed to the line; BUSY moves it.</summary>
    private static long? ResendDue(SessionState state)
    {
        if (state.UnderWay.IsEmpty || state.UnderWay[0].HandedAt is not long handed)
        {
            return null;
        }

        long due = handed + state.ResendInterval;
        return state.HoldUntil > handed ? Math.Max(due, state.HoldUntil + Timing.FirstResend) : due;
    }

    private void DoWhatIsDue()
    {
        if (_state.HelloAt <= _context.Now)
        {
            NewHello();
        }
        else if (_state.Greeting is { Due: long due } greeting && due <= _context.Now)
        {
            if (greeting.NotBefore > 0)
            {
                RepeatHello(greeting, FirstInterval());
            }
            else if (_state.Phase == Phase.Stopped)
            {
                NewHello();
            }
            else
            {
                RepeatHello(greeting, Timing.Doubled(greeting.Interval));
            }
        }

        PingIntoSilence();
        if (!_state.InSession)
        {
            return;
        }

        if (_state.PauseUntil is long pause)
        {
            if (pause > _context.Now)
            {
                return;
            }

            _state = _state with { PauseUntil = null, ResendInterval = Timing.FirstResend };
            Resend(0);
        }
        else if (ResendDue(_state) <= _context.Now)
        {
            _state = _state with { ResendInterval = Timing.Doubled(_state.ResendInterval) };
            Resend(0);
        }

        FillWindow();
        TellChanges();
    }

    private void PingIntoSilence()
    {
        if (!_state.HasSession || SilenceDue(_state) > _context.Now)
        {
            return;
        }

        if (_state.Pings < Timing.Pings)
        {
            byte txn = NextTxn();
            uint counter = unchecked(_state.PingCounter + 1);
            _state = _state with { Pings = _state.Pings + 1, PingTxn = txn, PingCounter = counter, PingOpen = true };
            Send(FrameType.Ping, txn, RegisterMessages.Counter(counter));
        }
        else if (_state.InSession)
        {
            Note("link down: three PINGs without an answer");
            BackToGreeting();
        }
    }

    /// <summary>STATUS on every change of the faults and when the journal passes 50, 75, 90 or 100 percent.</summary>
    private void TellChanges()
    {
        (Faults faults, byte used) = PresentStatus();
        if (faults != _state.ToldFaults || Step(used) != Step(_state.ToldUsed))
        {
            SendStatus(0);
        }

        static int Step(byte percent) => percent switch
        {
            >= 100 => 4,
            >= 90 => 3,
            >= 75 => 2,
            >= 50 => 1,
            _ => 0,
        };
    }
}
