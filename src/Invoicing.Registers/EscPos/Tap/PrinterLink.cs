using Invoicing.Registers.Lines;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>The printer's connection with what copies from it, for as long as both last.</summary>
internal sealed class PrinterLink : IAsyncDisposable
{
    private readonly CancellationTokenSource _session;
    private readonly Task _back;

    internal PrinterLink(ILineConnection connection, Func<ILineConnection, CancellationToken, Task> copyBack, CancellationToken cancellationToken)
    {
        Connection = connection;
        _session = CancellationTokenSource.CreateLinkedTokenSource(connection.Gone, cancellationToken);
        Session = _session.Token;
        _back = copyBack(connection, Session);
    }

    /// <summary>The connection.</summary>
    internal ILineConnection Connection { get; }

    /// <summary>Ends when the printer goes or the tap stops.</summary>
    internal CancellationToken Session { get; }

    public async ValueTask DisposeAsync()
    {
        await _session.CancelAsync().ConfigureAwait(false);
        await _back.ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
        _session.Dispose();
    }
}
