using System.Collections.Immutable;
using FirmwareSim.Bytes;
using FirmwareSim.Records;

namespace FirmwareSim.Session;

/// <summary>What a session wants done, in this order: a closed family.</summary>
internal abstract record SessionEffect
{
    private SessionEffect()
    {
    }

    /// <summary>Write this frame.</summary>
    internal sealed record Send(FrameType Type, byte[] Wire) : SessionEffect;

    /// <summary>Write this record's frames; <paramref name="Recovered"/> is the group of §5, or null if it was not asked for by GET.</summary>
    internal sealed record SendRecord(ulong Seq, byte[]? Recovered, int MaxBody, byte[]? SealKey = null) : SessionEffect;

    /// <summary>Put this lease on the disk, then answer with <see cref="SessionInput.LeaseStored"/>.</summary>
    internal sealed record TakeLease(Frame Request, Lease Lease) : SessionEffect;

    /// <summary>The clock steps from <paramref name="Before"/> to <paramref name="Clock"/>; a step that <paramref name="IsRecorded"/> has its record first.</summary>
    internal sealed record SetClock(DateTimeOffset Clock, DateTimeOffset Before, bool IsRecorded) : SessionEffect;

    /// <summary>Put these results on the disk, with one fsync, before anything else happens.</summary>
    internal sealed record Store(ImmutableArray<AckResult> Results) : SessionEffect;

    /// <summary>The gateway stopped this register: remember it, refuse to sell, tell the operator.</summary>
    internal sealed record Stop(string Reason) : SessionEffect;

    /// <summary>A person let it go on.</summary>
    internal sealed record Release : SessionEffect;

    /// <summary>From now on, bodies of this size are read.</summary>
    internal sealed record SetMaxBody(int MaxBody) : SessionEffect;

    /// <summary>Count something that was thrown away.</summary>
    internal sealed record Drop(FrameDrop Reason) : SessionEffect;

    /// <summary>Tell the operator.</summary>
    internal sealed record Note(string Text) : SessionEffect;
}
