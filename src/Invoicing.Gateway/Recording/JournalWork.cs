namespace Invoicing.Gateway.Recording;

/// <summary>One thing asked of the journal's writer.</summary>
internal abstract class JournalWork
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;

    private int _state;

    /// <summary>About how many bytes it adds to a group.</summary>
    public virtual int Size => 1024;

    /// <summary>Whether it needs a group of its own, because it looks at what is stored before it.</summary>
    public virtual bool IsAlone => false;

    /// <summary>Takes it into a group; from here on its caller's cancellation no longer counts.</summary>
    /// <returns>Whether it had not been cancelled.</returns>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Does its part in a group. What came of it is kept until <see cref="Complete"/>.</summary>
    public abstract void Step(RecordingGroup group);

    /// <summary>Tells the caller, after the commit. The caller's code runs elsewhere.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was recorded because the group could not be signed.</summary>
    public abstract void Refuse(string reason);

    /// <summary>Tells the caller that nothing is known.</summary>
    public abstract void Fail(Exception fault);

    /// <summary>Takes it back.</summary>
    /// <returns>Whether it was still waiting.</returns>
    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting;
}
