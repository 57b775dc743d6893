using System.Collections.Immutable;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>Registers that push events over TCP and never say anything twice.</summary>
internal sealed class DatecsPushProtocol(DatecsOptions options, string line, TimeProvider time) : IRegisterProtocol
{
    private readonly DatecsReading _reading = new(options);
    private readonly PushPast _past = new();
    private volatile string? _trouble;

    /// <inheritdoc/>
    public string Name => "datecs";

    /// <inheritdoc/>
    public DriverCapabilities Capabilities => options.JournalLine is null ? DriverCapabilities.PushOnly : DriverCapabilities.CanRewind;

    /// <inheritdoc/>
    public bool NeedsTransparentLine => true;

    /// <inheritdoc/>
    public TimeSpan PollPause => TimeSpan.Zero;

    /// <inheritdoc/>
    public DriverCounters Counters { get; } = new();

    /// <inheritdoc/>
    public ImmutableArray<string> Notes =>
    [
        options.JournalLine is null
            ? "this register pushes and says nothing twice: what it rings up while the line is down is named by a gap"
            : "this register pushes and says nothing twice: what it rings up while the line is down is fetched from its journal",
        .. _trouble is { } trouble ? new[] { trouble } : [],
    ];

    /// <inheritdoc/>
    public IRegisterConversation Begin(ILineConnection connection) => new DatecsPushConversation(
        connection, line, _reading, _past, options.JournalLine, time, Counters, trouble => _trouble = trouble);
}
