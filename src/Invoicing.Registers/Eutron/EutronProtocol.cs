using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Lines;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <summary>The log pull of Eutron registers, on one line.</summary>
internal sealed class EutronProtocol(string line, EutronOptions options, ICaptureStore captures, TimeProvider time) : IRegisterProtocol
{
    /// <inheritdoc/>
    public string Name => "eutron";

    /// <inheritdoc/>
    public DriverCapabilities Capabilities => DriverCapabilities.CanRewind | DriverCapabilities.CanAcknowledge | DriverCapabilities.HasNames;

    /// <inheritdoc/>
    public bool NeedsTransparentLine => true;

    /// <inheritdoc/>
    public TimeSpan PollPause => options.PollPause;

    /// <inheritdoc/>
    public DriverCounters Counters { get; } = new();

    /// <summary>Name of the line, for sentences.</summary>
    public string Line => line;

    /// <summary>Settings.</summary>
    public EutronOptions Options => options;

    /// <summary>Whether the register's log was seen empty: then everything in it was rung up since, and nothing of it is history.</summary>
    public bool WasEmpty { get; set; }

    /// <summary>
    /// Content of a receipt that was handed over although another one is recorded under its number: once is enough, the recorder keeps it.
    /// </summary>
    public Sha256Hash Conflicting { get; set; }

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time => time;

    /// <summary>Opens the register's book.</summary>
    public ValueTask<ICaptureBook> OpenBookAsync(RegisterId register, CancellationToken cancellationToken) =>
        captures.OpenAsync(register, cancellationToken);

    /// <inheritdoc/>
    public IRegisterConversation Begin(ILineConnection connection) => new EutronConversation(
        this,
        options.IsTcp
            ? new TcpLink(connection, options.ReplyLimit, time, Counters)
            : new SerialLink(connection, options.ReplyLimit, time, Counters));
}
