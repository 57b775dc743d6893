using Invoicing.Authority.Enrolment.Acts;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>A change under way: its time, its acts, and whose streams it ends.</summary>
/// <param name="At">The time.</param>
internal sealed record RegistryChange(DateTimeOffset At)
{
    private readonly List<ActDraft> _acts = [];
    private readonly List<StandingChange> _ended = [];

    /// <summary>What is done, in order.</summary>
    public IReadOnlyList<ActDraft> Acts => _acts;

    /// <summary>Whose streams must end once it is committed.</summary>
    public IReadOnlyList<StandingChange> Ended => _ended;

    /// <summary>The time in milliseconds since 1970-01-01, UTC.</summary>
    public long Milliseconds => At.ToUnixTimeMilliseconds();

    /// <summary>Adds an act.</summary>
    public void Add(ActDraft act) => _acts.Add(act);

    /// <summary>Ends a client's streams.</summary>
    public void End(StandingChange ended) => _ended.Add(ended);
}
