using Invoicing.Protos.V1;

namespace Invoicing.Authority.Enrolment.Acts;

/// <summary>What was done, before it has its place in the chain.</summary>
/// <param name="kind">What.</param>
/// <param name="subject">To whom or to what, at most 200 characters.</param>
/// <param name="details">Names and values, at most 32; never a secret.</param>
internal sealed class ActDraft(ActKind kind, string subject, params (string Name, string Value)[] details)
{
    private readonly List<(string Name, string Value)> _details = [.. details];

    /// <summary>What.</summary>
    public ActKind Kind { get; } = kind;

    /// <summary>To whom or to what.</summary>
    public string Subject { get; } = subject;

    /// <summary>Names and values.</summary>
    public IReadOnlyList<(string Name, string Value)> Details => _details;

    /// <summary>Adds a detail.</summary>
    public ActDraft Note(string name, string value)
    {
        _details.Add((name, value));
        return this;
    }
}
