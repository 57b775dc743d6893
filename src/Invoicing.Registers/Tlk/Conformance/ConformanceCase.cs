namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>A numbered case.</summary>
/// <param name="Id">Its number, which never changes.</param>
/// <param name="Rule">Sections of TLK-1.md.</param>
/// <param name="Title">What it proves.</param>
/// <param name="Run">Plays it; throws if the register breaks the rule.</param>
internal sealed record ConformanceCase(string Id, string Rule, string Title, Func<Bench, Task> Run)
{
    /// <summary>It waits for a minute or more of the register's time: left out of quick runs in real time.</summary>
    internal bool IsLong { get; init; }

    /// <summary>It begins without a session: the case greets by itself.</summary>
    internal bool IsCold { get; init; }
}
