using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Session;

// Sealed frames: TLK/1 §3.13.
internal sealed partial class RegisterSession
{
    /// <summary>Check 10 of §1.3.</summary>
    /// <returns>The frame without its tag; null if it goes no further.</returns>
    private Frame? Unseal(Frame frame)
    {
        bool isSealed = frame.Flags.HasFlag(FrameFlags.Sealed);
        if (_context.PairingKey is not byte[] pairing)
        {
            return isSealed ? null : frame;
        }

        bool answersHello = _state.Greeting is not null && frame.Txn == _state.Greeting.Txn
            && frame.Type is FrameType.Welcome or FrameType.Nak or FrameType.Busy;
        if (!isSealed)
        {
            return IsHint(frame, answersHello) ? frame : null;
        }

        return answersHello ? FrameSeal.OpenAnswer(frame, pairing, _state.Greeting!.Nonce)
            : _state.SealKey is byte[] key ? FrameSeal.Open(frame, key)
            : null;
    }

    /// <summary>
    /// Who has no key cannot seal: NAK 6 to our HELLO is shown and tried again later, NAK 9 says that there is no session. Neither is worth
    /// more than a new HELLO, which is sealed.
    /// </summary>
    private bool IsHint(Frame frame, bool answersHello)
    {
        if (frame.Type != FrameType.Nak || ReasonOf(frame) is not NakReason reason)
        {
            return false;
        }

        bool isNoSession = reason == NakReason.NoSession && (_state.HintAt is not long last || _context.Now - last >= Timing.HintPause);
        if (isNoSession && _state.InSession)
        {
            _state = _state with { HintAt = _context.Now };
        }

        return isNoSession || (reason == NakReason.NotPaired && answersHello);
    }

    private static NakReason? ReasonOf(Frame frame)
    {
        try
        {
            return (GatewayMessageReader.Read(frame.Type, frame.Payload) as GatewayMessage.Nak)?.Reason;
        }
        catch (MalformedException)
        {
            return null; // counted as what is not sealed: it deserves no answer
        }
    }
}
