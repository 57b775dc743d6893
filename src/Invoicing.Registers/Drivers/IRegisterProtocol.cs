using System.Collections.Immutable;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Drivers;

/// <summary>A protocol whose register is asked, or listened to, by a <see cref="JournalDriver"/>. One object per line; outlives connections.</summary>
internal interface IRegisterProtocol
{
    /// <summary>Its name in the configuration.</summary>
    string Name { get; }

    /// <summary>What it can do.</summary>
    DriverCapabilities Capabilities { get; }

    /// <summary>Whether it needs every byte value to pass unchanged (<see cref="ILine.IsTransparent"/>).</summary>
    bool NeedsTransparentLine { get; }

    /// <summary>Pause between two questions when there was nothing new; zero for a register that pushes.</summary>
    TimeSpan PollPause { get; }

    /// <summary>Counters for people, by name; safe from any thread.</summary>
    DriverCounters Counters { get; }

    /// <summary>Begins to talk on a fresh connection.</summary>
    IRegisterConversation Begin(ILineConnection connection);

    /// <summary>How full the register's own journal is, in percent, as far as it said so last; safe from any thread.</summary>
    int? JournalUsed => null;

    /// <summary>What is worth knowing and not wrong, one sentence each; safe from any thread.</summary>
    ImmutableArray<string> Notes => [];
}
