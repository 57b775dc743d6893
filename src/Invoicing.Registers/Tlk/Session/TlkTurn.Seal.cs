using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>Sealed frames: TLK/1 §3.13.</summary>
internal sealed partial class TlkTurn
{
    /// <summary>HELLOs of a line whose nonces are kept: more than a register says in an hour of its worst cable.</summary>
    private const int MostNonces = 256;

    /// <summary>Checks a frame's seal (§1.3, 10).</summary>
    /// <returns>The frame without its tag; <see langword="null"/> if it goes no further.</returns>
    private TlkFrame? Unseal(TlkFrame frame, out TlkSeal? answer)
    {
        answer = null;
        bool isSealed = (frame.Flags & TlkFlags.Sealed) != TlkFlags.None;
        if (frame.Type == TlkType.Hello)
        {
            return UnsealHello(frame, isSealed, out answer);
        }

        if (State.Seal is { } seal)
        {
            return seal.Open(frame) ?? Unsealed();
        }

        // Without a session there is no key: what needs one is told that there is none. A HELLO that was sealed and refused leaves no session.
        bool hasOpenSession = State.Phase is TlkPhase.Open or TlkPhase.Stopped;
        if (!isSealed)
        {
            return hasOpenSession && State.AnswerSeal is not null ? Unsealed() : frame;
        }

        bool needsSession = frame.Type is TlkType.Rec or TlkType.Ping or TlkType.Have or TlkType.Status;
        return hasOpenSession || !needsSession || HasSession(frame.Type == TlkType.Rec ? (byte)0 : frame.Txn) ? Unsealed() : null;
    }

    private TlkFrame? UnsealHello(TlkFrame frame, bool isSealed, out TlkSeal? answer)
    {
        answer = null;
        if (options.PairingKey is not { } key)
        {
            return isSealed ? RefuseSeal(frame, "sealed, and this gateway has no key") : frame;
        }

        if (!isSealed)
        {
            return options.DemandsSealing ? RefuseSeal(frame, "not sealed, and this gateway demands it: pair the register") : frame;
        }

        if (TlkSeal.Hello(key).Open(frame) is not { } opened)
        {
            return RefuseSeal(frame, "sealed with another key: pair the register again");
        }

        // What cannot be read gets its NAK 3 from who reads it.
        if (HelloMessage.Read(opened.Payload, out _) is not { } hello)
        {
            return opened;
        }

        string nonce = Convert.ToHexString(hello.Nonce.Span);
        if (State.Nonces.Contains(nonce) && State.Nonces[^1] != nonce)
        {
            Tell(TlkEvent.Unsealed, $"a HELLO of {hello.Register.Register} that was said before has been played back");
            return Unsealed();
        }

        if (!State.Nonces.Contains(nonce))
        {
            State = State with { Nonces = (State.Nonces.Count < MostNonces ? State.Nonces : State.Nonces.RemoveAt(0)).Add(nonce) };
        }

        answer = TlkSeal.Answer(key, hello.Nonce.Span);
        return opened;
    }

    private TlkFrame? Unsealed()
    {
        Count(TlkCounter.Seal);
        return null;
    }

    /// <summary>Told without a seal, as there is no key that both have.</summary>
    private TlkFrame? RefuseSeal(TlkFrame hello, string text)
    {
        Count(TlkCounter.Seal);
        Tell(TlkEvent.Refused, text);
        _effects.Add(new TlkEffect.Send(GatewayMessages.Nak(NakReason.NotPaired, hello.Txn, text: text, wait: TlkTimes.AfterPerson)));
        return null;
    }

    /// <summary>Sends what answers a HELLO.</summary>
    private void SendToHello(TlkFrame frame, TlkSeal? seal) => _effects.Add(new TlkEffect.Send(seal?.Seal(frame) ?? frame));

    private void Send(TlkFrame frame) => _effects.Add(new TlkEffect.Send(State.Seal?.Seal(frame) ?? frame));
}
