using System.Collections.Immutable;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Registers with an electronic journal, which are asked.</summary>
internal sealed class DatecsPullProtocol(DatecsOptions options, string line, ISaleRecorder recorder, TimeProvider time) : IRegisterProtocol
{
    private readonly DatecsReading _reading = new(options);
    private readonly JournalPast _past = new(recorder);
    private volatile Signs _signs = new(null, []);

    /// <inheritdoc/>
    public string Name => "datecs";

    /// <inheritdoc/>
    public DriverCapabilities Capabilities => DriverCapabilities.CanRewind | DriverCapabilities.HasNames;

    /// <inheritdoc/>
    public bool NeedsTransparentLine => true;

    /// <inheritdoc/>
    public TimeSpan PollPause => options.PollPause;

    /// <inheritdoc/>
    public DriverCounters Counters { get; } = new();

    /// <inheritdoc/>
    public int? JournalUsed => _signs.JournalUsed;

    /// <inheritdoc/>
    public ImmutableArray<string> Notes => _signs.Notes;

    /// <inheritdoc/>
    public IRegisterConversation Begin(ILineConnection connection) =>
        new DatecsPullConversation(new(connection, line, time, Counters), line, _reading, _past, time, Tell);

    private void Tell(Isl.IslStatus status) => _signs = new(status.JournalUsed, status.Sentences);

    private sealed record Signs(int? JournalUsed, ImmutableArray<string> Notes);
}
