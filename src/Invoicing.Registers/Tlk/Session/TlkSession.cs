using System.Collections.Immutable;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>The gateway's side of TLK/1 as a pure function: (state, input, time) → (state, effects). TLK/1 §7 to §11.</summary>
internal static class TlkSession
{
    /// <summary>One step.</summary>
    /// <param name="state">State before.</param>
    /// <param name="input">What happened.</param>
    /// <param name="now">Milliseconds of a clock that never steps.</param>
    /// <param name="options">Settings.</param>
    internal static (TlkState State, ImmutableArray<TlkEffect> Effects) Step(TlkState state, TlkInput input, long now, TlkOptions options)
    {
        TlkTurn turn = new(state, now, options);
        turn.Take(input);
        turn.RunTimers();
        return (turn.State, turn.Effects);
    }

    /// <summary>When the next timer is due; <see langword="null"/> if none runs.</summary>
    internal static long? NextWake(TlkState state) => TlkTurn.NextWake(state);
}
